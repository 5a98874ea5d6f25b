using System.Text.Json;

namespace ChurnEngine.Pipeline;

/// <summary>The body of an inference request of the Open Inference Protocol.</summary>
public static class InferenceQuestion
{
    /// <summary>Reads its one input.</summary>
    /// <param name="body">The request.</param>
    /// <param name="input">Name and data type of the input.</param>
    /// <param name="features">F.</param>
    /// <param name="mostRows">Rows at most.</param>
    /// <returns>[N * F] values, NaN for null; and the request's own id, or null.</returns>
    /// <remarks>Errors: <see cref="Columns.ChurnDataException"/> CE1201 to CE1204, CE1211.</remarks>
    public static (float[] Rows, string? Id) Read(JsonElement body, (string Name, string DataType) input, int features, int mostRows)
    {
        try
        {
            return ReadObject(body, input, features, mostRows);
        }
        catch (InvalidOperationException broken)
        {
            throw ServingErrors.BadBody("JSON of whole Unicode text", broken.Message.TrimEnd('.'));
        }
    }

    private static (float[], string?) ReadObject(JsonElement body, (string Name, string DataType) input, int features, int mostRows)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("inputs", out JsonElement inputs) || inputs.ValueKind != JsonValueKind.Array || inputs.GetArrayLength() != 1 || inputs[0].ValueKind != JsonValueKind.Object)
            throw ServingErrors.BadBody($"an object with one entry under \"inputs\", called {input.Name}", "another");
        JsonElement tensor = inputs[0];
        Require(tensor, "name", input.Name);
        Require(tensor, "datatype", input.DataType);
        if (!tensor.TryGetProperty("shape", out JsonElement shape) || shape.ValueKind != JsonValueKind.Array || shape.GetArrayLength() != 2 || !shape[0].TryGetInt32Strictly(out int rows) || !shape[1].TryGetInt32Strictly(out int width) || rows < 1 || width != features)
            throw ServingErrors.BadValue("shape", $"[N, {features}] with N from 1", tensor.TryGetProperty("shape", out JsonElement written) ? written.GetRawText() : "nothing");
        if (rows > mostRows)
            throw ServingErrors.TooMany("rows", mostRows, rows);
        if (!tensor.TryGetProperty("data", out JsonElement data) || data.ValueKind != JsonValueKind.Array)
            throw ServingErrors.Missing("data", "a list of numbers");
        float[] values = new float[rows * features];
        int filled = Fill(data, values, 0);
        if (filled != values.Length)
            throw ServingErrors.BadValue("data", $"{values.Length} numbers, as the shape says", $"{filled}");
        return (values, body.TryGetProperty("id", out JsonElement id) && !id.IsNothing() ? JsonCells.Text(id, "id") : null);
    }

    // A flat list, or lists of rows: the protocol allows both.
    private static int Fill(JsonElement data, float[] values, int at)
    {
        foreach (JsonElement item in data.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Array)
            {
                at = Fill(item, values, at);
                continue;
            }
            if (at == values.Length)
                throw ServingErrors.BadValue("data", $"{values.Length} numbers, as the shape says", "more");
            float value = item.IsNothing() ? float.NaN : (float)JsonCells.Number(item, "data");
            values[at++] = !float.IsInfinity(value) ? value : throw ServingErrors.BadValue("data", "numbers that a float32 holds", item.GetRawText());
        }
        return at;
    }

    private static void Require(JsonElement tensor, string key, string expected)
    {
        if (!tensor.TryGetProperty(key, out JsonElement value) || value.ValueKind != JsonValueKind.String || value.GetString() != expected)
            throw ServingErrors.BadValue(key, $"\"{expected}\"", JsonCells.Show(value));
    }

    private static bool TryGetInt32Strictly(this JsonElement value, out int number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out number);
    }
}
