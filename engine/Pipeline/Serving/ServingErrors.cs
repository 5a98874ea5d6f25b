using ChurnEngine.Columns;

namespace ChurnEngine.Pipeline;

/// <summary>What can be wrong with a question to the service, or with what it answers from.</summary>
internal static class ServingErrors
{
    public static ChurnDataException BadBody(string what, string actual) =>
        new(new ErrorCode(1201), "the body of the request cannot be read") { Expected = what, Actual = actual, Hint = "see /docs for the form, with examples" };

    public static ChurnDataException UnknownKey(string key, IEnumerable<string> known) =>
        new(new ErrorCode(1202), $"the request has no use for '{Shortened(key)}'") { Hint = $"{Suggestion.Sentence(key, known)} It takes {string.Join(", ", known)}" };

    public static ChurnDataException Missing(string key, string what) =>
        new(new ErrorCode(1203), $"'{key}' is missing") { Expected = what, Hint = "see /docs for the form, with examples" };

    public static ChurnDataException BadValue(string key, string expected, string actual) =>
        new(new ErrorCode(1204), $"'{key}' cannot be used") { Expected = expected, Actual = Shortened(actual) };

    public static ChurnDataException NoSuchTable(string version, string table, IReadOnlyList<string> known) =>
        new(new ErrorCode(1205), $"the plan of model {version} has no table for '{Shortened(table)}'") { Expected = known.Count == 0 ? "no tables" : string.Join(", ", known), Hint = "send rows as \"tables\": { NAME: [ ... ] } with the names of the plan; /model-info lists them" };

    public static ChurnDataException NoEvents(string version) =>
        new(new ErrorCode(1206), $"model {version} was trained on a plain table and reads no events") { Hint = "send the columns of that table under \"features\"" };

    public static ChurnDataException MissingFeature(string version, string feature) =>
        new(new ErrorCode(1207), $"feature '{feature}' of model {version} is missing") { Expected = "every feature by its name; null where the value is not known", Hint = "/model-info lists them" };

    public static ChurnDataException UnknownFeature(string version, string feature, IEnumerable<string> known) =>
        new(new ErrorCode(1208), $"model {version} has no feature '{Shortened(feature)}'") { Hint = $"{Suggestion.Sentence(feature, known)} /model-info lists them" };

    public static ChurnDataException NoStore() =>
        new(new ErrorCode(1209), "a customer's id alone needs an online feature store, and this service has none") { Hint = "send features or events; or start it with --online FILE (`churn features publish` writes one)" };

    public static ChurnDataException OtherPlanInStore(string version, string store) =>
        new(new ErrorCode(1210), $"the online feature store '{store}' was filled by another plan than that of model {version}") { Hint = "publish again with the plan of that model" };

    public static ChurnDataException TooMany(string what, int most, int actual) =>
        new(new ErrorCode(1211), $"too many {what} in one request") { Expected = $"at most {most:N0}", Actual = $"{actual:N0}", Hint = "send fewer, or raise the limit under `serve.limits`" };

    public static ChurnDataException OtherCustomer(string place, string customer, string actual) =>
        new(new ErrorCode(1212), $"{place} belongs to another customer") { Expected = $"'{Shortened(customer)}'", Actual = $"'{Shortened(actual)}'", Hint = "one request, or one entry of a batch, has the rows of one customer" };

    /// <summary>The same error, said of a row of a list.</summary>
    public static ChurnDataException InRow(ChurnDataException fault, string place, int row) =>
        new(fault.Code, $"{place}[{row}]: {fault.Message}", fault) { Expected = fault.Expected, Actual = fault.Actual, Hint = fault.Hint };

    public static ChurnConfigException PopulationUnknown(string version, string reason) =>
        new(new ErrorCode(1213), $"model {version} compares each customer with all others, and {reason}") { Hint = "start the service with the --config that the model was trained with; or send features by name, or use an online store" };

    public static ChurnConfigException BadTraffic(string what, string expected, string actual) =>
        new(new ErrorCode(1214), $"`serve.traffic`: {what}") { Expected = expected, Actual = actual };

    public static ChurnConfigException CannotLog(string folder, Exception cause) =>
        new(new ErrorCode(1215), $"the prediction log cannot be written to '{folder}'", cause) { Expected = "a folder that may be written to", Actual = cause.Message.TrimEnd('.'), Hint = StorageFault.Hint(cause, "name another one with --log") };

    public static ChurnDataException NoSuchModel(string name, IEnumerable<string> known) =>
        new(new ErrorCode(1216), $"no model '{Shortened(name)}' is served here") { Expected = string.Join(", ", known) };

    public static ChurnDataException NoReasons(string version) =>
        new(new ErrorCode(1217), $"model {version} predicts a value and gives no reasons") { Hint = "leave `reasons` out" };

    public static ChurnModelException NotAPrediction(string version, float value) =>
        new(new ErrorCode(9602), $"model {version} gave {value} for one customer") { Expected = "a probability, or a finite value", Hint = "report it with the model file" };

    // What comes from outside is told back in part only.
    private static string Shortened(string text)
    {
        const int Most = 80;
        string clean = new([.. text.Take(Most).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)]);
        return text.Length > Most ? clean + "..." : clean;
    }
}
