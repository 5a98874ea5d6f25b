using System.Globalization;
using System.Text.Json;
using ChurnEngine.Columns;
using ChurnEngine.Pipeline;
using Microsoft.AspNetCore.Http;

namespace ChurnEngine.Service;

/// <summary>Predictions: one customer from raw events, from features by name or by id alone, and many at once.</summary>
internal sealed class PredictEndpoints(ServiceState state)
{
    /// <summary><c>POST /predict</c>, <c>/predict/user</c>, <c>/predict_churn</c>: they differ in what a caller calls them, not in what they take.</summary>
    public async Task One(HttpContext context)
    {
        using JsonDocument body = await RequestBody.ReadJson(context, state.Settings.Limits.Seconds);
        Answer answer = state.Predictor.Predict(body.RootElement, ReasonsOf(context.Request));
        state.Metrics.Predicted(answer.Arm, answer.Version, 1);
        context.Items[ServiceState.PredictionItem] = answer.Id.ToString();
        await JsonAnswer.Write(context, json => Write(json, answer));
    }

    /// <summary><c>POST /predict/batch</c>: <c>{"customers": [ ... ]}</c>, or an Arrow IPC stream of rows with the key and the features.</summary>
    public async Task Batch(HttpContext context)
    {
        if (RequestBody.IsArrow(context.Request))
        {
            await Arrow(context);
            return;
        }
        using JsonDocument body = await RequestBody.ReadJson(context, state.Settings.Limits.Seconds);
        JsonElement customers = BatchQuestion.Customers(body.RootElement, state.Settings.Limits.Customers);
        int reasons = ReasonsOf(context.Request);
        await JsonAnswer.Write(context, json =>
        {
            int failed = 0;
            json.WriteStartObject();
            json.WriteStartArray("predictions"u8);
            foreach (JsonElement customer in customers.EnumerateArray())
                failed += TryOne(json, customer, reasons) ? 0 : 1;
            json.WriteEndArray();
            json.WriteNumber("failed"u8, failed);
            json.WriteEndObject();
        });
    }

    private async Task Arrow(HttpContext context)
    {
        using MemoryStream body = await RequestBody.ReadBytes(context, state.Settings.Limits.Seconds);
        using var answer = new MemoryStream();
        (long rows, string version) = state.Predictor.ScoreStream(body, answer, ReasonsOf(context.Request));
        state.Metrics.Predicted(state.Predictor.Arms[0].Arm, version, (int)rows);
        context.Response.ContentType = RequestBody.ArrowStream;
        context.Response.ContentLength = answer.Length;
        answer.Position = 0;
        await answer.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    // What is wrong with one customer is said in its place, and the others get their answers.
    private bool TryOne(Utf8JsonWriter json, JsonElement customer, int reasons)
    {
        try
        {
            Answer answer = state.Predictor.Predict(customer, reasons);
            state.Metrics.Predicted(answer.Arm, answer.Version, 1);
            Write(json, answer);
            return true;
        }
        catch (ChurnException fault)
        {
            json.WriteStartObject();
            json.WriteStartObject("error"u8);
            HttpProblem.Of(fault).WriteMembers(json);
            json.WriteEndObject();
            json.WriteEndObject();
            return false;
        }
    }

    private static void Write(Utf8JsonWriter json, Answer answer)
    {
        SinglePrediction prediction = answer.Prediction;
        json.WriteStartObject();
        json.WriteString("prediction_id"u8, answer.Id);
        json.WriteString("user_id"u8, answer.Customer);
        if (answer.IsRegression)
        {
            json.WriteNumber("predicted_value"u8, prediction.Predicted);
        }
        else
        {
            json.WriteNumber("churn_probability"u8, prediction.Predicted);
            json.WriteBoolean("churn_prediction"u8, prediction.Flagged);
            json.WriteNumber("confidence_score"u8, Math.Max(prediction.Predicted, 1 - prediction.Predicted));
            json.WriteString("risk_level"u8, prediction.Risk);
        }
        if (answer.Reasons is { } reasons)
            WriteReasons(json, reasons);
        json.WriteString("model_name"u8, answer.Model);
        json.WriteString("model_version"u8, answer.Version);
        json.WriteString("arm"u8, answer.Arm);
        json.WriteString("as_of"u8, InstantText.Format(answer.AsOf));
        json.WriteString("timestamp"u8, InstantText.Format(answer.At));
        json.WriteEndObject();
    }

    private static void WriteReasons(Utf8JsonWriter json, IReadOnlyList<ReasonText> reasons)
    {
        json.WriteStartArray("reasons"u8);
        foreach (ReasonText reason in reasons)
        {
            json.WriteStartObject();
            json.WriteString("feature"u8, reason.Feature);
            json.WriteString("value"u8, reason.Value);
            json.WriteNumber("log_odds"u8, reason.LogOdds);
            json.WriteString("text"u8, reason.Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static int ReasonsOf(HttpRequest request)
    {
        if (!request.Query.TryGetValue("reasons", out var written))
            return 0;
        return int.TryParse(written.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int reasons) && reasons <= ServingModel.MostReasons
            ? reasons
            : throw new HttpProblemException(ServiceErrors.Malformed(400, $"reasons is a whole number from 0 to {ServingModel.MostReasons}"));
    }
}
