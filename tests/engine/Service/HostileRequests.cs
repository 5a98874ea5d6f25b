using System.Text;

namespace ChurnEngine.Service.Tests;

/// <summary>Requests that nobody should send, made of a seed: good ones broken in many ways, JSON of the wrong shape, bytes of no shape at all.</summary>
internal sealed class HostileRequests(int seed, string good)
{
    private static readonly string[] s_paths =
    [
        "/predict", "/predict/user", "/predict_churn", "/predict/batch", "/v2/models/churn/infer", "/v2/models/%01/infer", "/predict?reasons=50", "/predict?reasons=-1", "/predict/batch?reasons=99999999999", "/admin/refresh/../predict",
    ];

    private static readonly string[] s_values =
    [
        "null", "true", "[]", "{}", "\"\"", "\" \"", "0", "-0", "1e308", "-1e400", "1e-400", "9223372036854775808", "-9223372036854775809", "0.1", "\"\\ud800\"", "\"\\u0000\"", "\"NaN\"", "\"' OR 1=1 --\"", "\"../../etc/passwd\"",
        "\"2024-02-30\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"0001-01-01\"", "253402300800000", "-62135596800001", "[[[[1]]]]", "{\"a\": {\"b\": {}}}", "\"" + "x" + "\"", "\"\\uFFFF\\u202E\"", "1730000000000.5",
    ];

    private readonly Random _random = new(seed);

    public HttpRequestMessage Next()
    {
        byte[] body = _random.Next(8) switch
        {
            0 => Bytes(_random.Next(0, 400)),
            1 => Encoding.UTF8.GetBytes(good[.._random.Next(good.Length)]),
            2 => Flipped(Encoding.UTF8.GetBytes(good)),
            3 => Encoding.UTF8.GetBytes(new string(_random.Next(2) == 0 ? '[' : '{', _random.Next(1, 5000))),
            4 => Encoding.UTF8.GetBytes(Question()),
            5 => Encoding.UTF8.GetBytes($"{{\"customers\": [{string.Join(",", Enumerable.Range(0, _random.Next(1, 5)).Select(_ => Question()))}]}}"),
            6 => Encoding.UTF8.GetBytes($"{{\"inputs\": [{{\"name\": {Pick("\"features\"")}, \"datatype\": {Pick("\"FP32\"")}, \"shape\": {Pick("[1, 30]")}, \"data\": {Pick("[1, null]")}}}]}}"),
            _ => Encoding.UTF8.GetBytes(Pick(good)),
        };
        var request = new HttpRequestMessage(HttpMethod.Post, s_paths[_random.Next(s_paths.Length)]) { Content = new ByteArrayContent(body) };
        string type = _random.Next(12) switch { 0 => "application/vnd.apache.arrow.stream", 1 => "text/plain", _ => "application/json" };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (_random.Next(10) == 0)
            request.Headers.TryAddWithoutValidation("X-Request-Id", "a b\tc" + new string('z', _random.Next(300)));
        return request;
    }

    private string Question()
    {
        var text = new StringBuilder("{");
        foreach (string key in new[] { "user_id", "as_of", "reasons", "events", "customer", "tables", "features", "more" }.Where(key => key == "user_id" ? _random.Next(5) > 0 : _random.Next(3) == 0))
        {
            string value = key switch
            {
                "events" when _random.Next(2) == 0 => $"[{{\"ts\": {Pick("1730000000000")}, \"event\": {Pick("\"play\"")}, \"amount\": {Pick("3")}}}, {Pick("{}")}]",
                "customer" when _random.Next(2) == 0 => $"{{\"signup_at\": {Pick("\"2024-01-01\"")}, \"age\": {Pick("40")}, \"customer_id\": {Pick("1")}}}",
                "tables" when _random.Next(2) == 0 => $"{{\"events\": {Pick("[]")}, \"customers\": {Pick("[{}]")}}}",
                _ => Pick("1"),
            };
            text.Append(text.Length > 1 ? "," : "").Append('"').Append(key).Append("\":").Append(value);
        }
        return text.Append('}').ToString();
    }

    // The usual value in half of the cases, so that what stands behind it is reached.
    private string Pick(string usual) => _random.Next(2) == 0 ? usual : s_values[_random.Next(s_values.Length)];

    private byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private byte[] Flipped(byte[] bytes)
    {
        for (int i = _random.Next(1, 6); i > 0; i--)
            bytes[_random.Next(bytes.Length)] ^= (byte)(1 << _random.Next(8));
        return bytes;
    }
}
