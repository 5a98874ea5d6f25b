using ChurnEngine.Columns;
using ChurnEngine.Trainer;

namespace ChurnEngine.Pipeline;

internal static class PipelineErrors
{
    public static ChurnConfigException NoConfigFile(string path) =>
        new(new ErrorCode(1101), $"configuration file '{path}' does not exist") { Hint = "`churn generate --out DIR` writes an example churn.yaml beside its data" };

    public static ChurnConfigException NotAConfigFile(string path, PathKind kind) =>
        new(new ErrorCode(1101), $"configuration '{path}' is {kind.InWords()}, not a file") { Hint = kind == PathKind.Folder ? $"name the file in it, such as --config {Path.Combine(path, "churn.yaml")}" : "name a churn.yaml" };

    public static ChurnConfigException UnreadableConfig(string path, Exception cause) => cause is UnauthorizedAccessException
        ? new(new ErrorCode(1109), $"no permission to read configuration file '{path}'", cause) { Hint = "check the owner and the mode of the file and of its folders" }
        : new(new ErrorCode(1109), $"configuration file '{path}' cannot be read: {cause.Message.TrimEnd('.')}", cause) { Hint = "check the path, its links, and the disk that it is on" };

    public static ChurnConfigException ConfigNotUtf8(string path, long line) =>
        new(new ErrorCode(1110), $"{path}:{line}: a byte here is not UTF-8") { Hint = "save the file as UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8 old.yaml > new.yaml" };

    public static ChurnDataException TooFewOfAClass(string label, int positives, int negatives, int needed) =>
        new(new ErrorCode(1111), $"the label '{label}' has too few rows of one outcome to measure a model")
        {
            Expected = $"at least {needed} of each",
            Actual = $"{positives} that churned and {negatives} that did not",
            Hint = "bring more rows, or measure with fewer folds, such as --cv 2",
        };

    public static ChurnDataException TooFewRows(string label, int rows, int needed) =>
        new(new ErrorCode(1111), $"too few rows have a value of '{label}' to measure a model")
        {
            Expected = $"at least {needed}",
            Actual = $"{rows}",
            Hint = "bring more rows, or measure with fewer folds, such as --cv 2",
        };

    public static ChurnModelException BrokenPlan(string path, ChurnConfigException fault) =>
        new(new ErrorCode(5204), $"the plan inside model file '{path}' cannot be read: {fault.Message}", fault) { Hint = "its seal is intact, so it was written like this: report it, and export it again" };

    public static ChurnConfigException BadSetting(string at, string key, string expected, string actual) =>
        new(new ErrorCode(1102), $"{at}: {key} is not usable") { Expected = expected, Actual = $"'{actual}'", Hint = "correct that line" };

    public static ChurnConfigException UnknownOption(string flag, string name) =>
        new(new ErrorCode(1113), $"{flag}: training has no option '{name}'") { Hint = $"{Suggestion.Sentence(name, BoosterOptionTable.Names)} trainer/OPTIONS.md lists them" };

    public static ChurnConfigException OptionTwice(string at, (string First, string Second) names, string option) =>
        new(new ErrorCode(1114), names.First == names.Second ? $"{at}: '{names.First}' is given twice" : $"{at}: '{names.First}' and '{names.Second}' are two names of one option")
        {
            Expected = $"'{option}' once",
            Hint = "keep one of the two",
        };

    public static ChurnConfigException BadOption(NamedOption option, string expected) =>
        new(new ErrorCode(1115), option.Flag == "--set" ? $"--set: '{option.Name}' is not usable" : $"{option.Flag} is not usable") { Expected = expected, Actual = $"'{option.Value}'", Hint = "trainer/OPTIONS.md lists the options and what each takes" };

    public static ChurnConfigException ObjectiveOfOtherLabel(string objective, bool labelIsNumber, IEnumerable<string> fitting) =>
        new(new ErrorCode(1116), $"objective '{objective}' does not fit the label, which is {(labelIsNumber ? "a number" : "churn")}")
        {
            Expected = string.Join(" or ", fitting),
            Hint = labelIsNumber ? "choose one of those; a probability is learnt of a label with `churned`" : "choose one of those; a number is learnt of a label with `target`, or with --task regression of a table",
        };

    public static ChurnConfigException TableCannotContinue() =>
        new(new ErrorCode(1117), "training on a plain table starts anew")
        {
            Expected = "--continue-from with --config alone",
            Hint = "a table has no time: nothing says which of its rows the model has seen, so nothing could measure the new one; train on all rows together",
        };

    public static ChurnModelException CannotContinue(string version, string why, string expected, string actual) =>
        new(new ErrorCode(5205), $"training cannot go on from model '{version}': {why}") { Expected = expected, Actual = actual, Hint = "train anew, without --continue-from, or with the options that the model was trained with" };

    public static ChurnConfigException TooFewSnapshots(int usable, string[] laterRoles, string dropped) =>
        new(new ErrorCode(1103), $"the data allows {usable} usable snapshots")
        {
            Expected = laterRoles.Length == 0 ? "at least 1" : $"at least {laterRoles.Length + 1}: one or more to train on, then one each {string.Join(", ", laterRoles[..^1].Select(role => $"to {role}"))} and to {laterRoles[^1]}",
            Actual = dropped.Length > 0 ? dropped : usable > laterRoles.Length ? $"{usable} whose label windows reach into each other" : "",
            Hint = "bring a longer history, or shorten the label's horizon or the longest window",
        };

    public static ChurnModelException OtherPlan(string version, string wanted, string actual) =>
        new(new ErrorCode(5003), $"model '{version}' wants plan {wanted[..12]}, this config compiles to {actual[..12]}")
        {
            Hint = "train a model for this plan, or score with the config that the model was trained with",
        };

    public static ChurnConfigException NoSource(string table) =>
        new(new ErrorCode(1107), $"table '{table}' has no `source`") { Hint = "say which file it comes from" };

    public static ChurnDataException NoScores(string directory) =>
        new(new ErrorCode(6101), $"'{directory}' holds no finished scores") { Expected = "a folder with part files and _SUCCESS", Hint = "run `churn score` first, and let it finish" };

    public static ChurnConfigException NoValueColumn(string name, IEnumerable<string> columns) =>
        new(new ErrorCode(1108), $"the scores have no column '{name}'") { Hint = $"{Suggestion.Sentence(name, columns)} `churn score --columns {name}` copies that feature beside the scores" };

    public static ChurnConfigException NotAValueColumn(string name) =>
        new(new ErrorCode(1108), $"column '{name}' of the scores does not say what a customer is worth") { Hint = "copy a feature with an amount beside the scores with `churn score --columns`, and name that" };

    public static ChurnDataException ScoresAreValues(string directory) =>
        new(new ErrorCode(6103), $"the scores in '{directory}' are values, not probabilities of churn")
        {
            Expected = "a column `probability`, as a model of churn gives",
            Actual = "a column `value`, of a model whose label is a `target`",
            Hint = "train on a label with `churned`, score with that, and decide on those scores; a value can serve beside them with --value-column once it is a feature",
        };

    public static ChurnConfigException ScoresInDatabase(string directory, string database) =>
        new(new ErrorCode(1122), $"the scores of '{directory}' are in a database, and decisions are made on files")
        {
            Expected = "scores of --format parquet, arrow or csv",
            Actual = database,
            Hint = "score into a folder of its own with --format parquet, and decide on that",
        };

    public static ChurnConfigException NoReasonsOfAValue(string version) =>
        new(new ErrorCode(6007), $"model '{version}' predicts a value, and reasons say what raises the risk of churn")
        {
            Expected = "no reasons",
            Hint = "leave --reasons, and `score.reasons`, out or 0",
        };

    public static ChurnDataException PartGone(string directory, string part) =>
        new(new ErrorCode(6102), $"the scores in '{directory}' lack '{part}', which their manifest names") { Hint = "run the same `churn score` again: it makes what is missing" };

    public static ChurnModelException NotATableModel(string version) =>
        new(new ErrorCode(5201), $"model '{version}' was trained on events, not on a plain table") { Hint = "give --config churn.yaml instead of --table" };

    public static ChurnModelException NotAnEventModel(string version) =>
        new(new ErrorCode(5202), $"model '{version}' was trained on a plain table, not on events") { Hint = "give --table FILE instead of --config" };

    public static ChurnDataException TableLacks(string version, string table, string column, IEnumerable<string> known) =>
        new(new ErrorCode(5203), $"table '{table}' has no column '{column}', which model '{version}' reads") { Actual = string.Join(", ", known), Hint = Suggestion.For(column, known) };

    public static ChurnConfigException BadFolds(int folds) =>
        new(new ErrorCode(1106), "--cv is not usable") { Expected = "0 (one hold-out) or 2 to 50 folds", Actual = $"{folds}", Hint = "5 is usual" };

    public static ChurnConfigException NoSuchFeature(string filter, IEnumerable<string> known) =>
        new(new ErrorCode(1112), $"no feature of the plan has '{filter}' in its name") { Hint = Suggestion.For(filter, known) };

    public static ChurnConfigException LogisticOfAValue() =>
        new(new ErrorCode(1118), "logistic regression predicts a probability, and this label is a number")
        {
            Expected = "a label with `churned`, or --task classification",
            Hint = "train it with `algorithm: boosting`, which is the default",
        };

    public static ChurnConfigException FlagOfAnotherAlgorithm(string flag, string algorithm) =>
        new(new ErrorCode(1119), $"{flag} says nothing to the algorithm '{algorithm}'") { Hint = "leave it out, or choose with --algorithm: boosting takes the settings of trees, a forest those of its size, logistic --alpha and --l1-ratio" };

    public static ChurnConfigException CannotTrace(string path, Exception cause) =>
        new(new ErrorCode(1121), $"'{path}' cannot be written", cause) { Expected = "a file that may be made there", Actual = cause.Message, Hint = StorageFault.Hint(cause, "name another file with --trace") };

    public static ChurnConfigException NotAMetric(string metric, IEnumerable<string> known) =>
        new(new ErrorCode(1120), $"permutation importance is not measured by '{metric}'") { Expected = string.Join(", ", known), Hint = Suggestion.For(metric, known) };

    public static ChurnConfigException BadSlice(string option, string expected, string actual) =>
        new(new ErrorCode(1130), $"{option} names no slice of the job") { Expected = expected, Actual = $"'{actual}'", Hint = "the first of eight is 0/8, the last 7/8" };

    public static ChurnConfigException NoScheduler(string written) =>
        new(new ErrorCode(1131), $"--partition {written} asks a scheduler, and none started this process")
        {
            Expected = "SLURM_ARRAY_TASK_ID, OMPI_COMM_WORLD_RANK or JOB_COMPLETION_INDEX in the environment",
            Hint = "say which slice: --partition 3/8",
        };

    public static ChurnConfigException UnknownSliceCount(string variable) =>
        new(new ErrorCode(1132), $"{variable} says which slice this is, and nothing says of how many") { Hint = "add --partition auto/N with the number of processes, or --partition all to do everything here" };

    public static ChurnConfigException BadThresholdRule(string written) =>
        new(new ErrorCode(1150), "--threshold-by is not usable") { Expected = ThresholdSettings.Forms, Actual = $"'{written}'", Hint = "floors lie above 0 and at most at 1; `train: { threshold: ... }` in churn.yaml says the same" };

    public static ChurnConfigException ValueOfUncalibrated() =>
        new(new ErrorCode(1151), "an expected value needs a calibrated probability")
        {
            Expected = "calibration auto, platt, beta or isotonic beside the threshold by value",
            Actual = "calibration none",
            Hint = "leave `calibration` out, or choose the threshold by f_beta, precision, recall or capacity",
        };

    public static ChurnConfigException NotASegment(string what, string name, IEnumerable<string> known) =>
        new(new ErrorCode(1152), $"{what}: '{name}' is no feature with categories") { Expected = string.Join(", ", known.DefaultIfEmpty("a plan with a categorical feature")), Hint = Suggestion.For(name, known) };

    public static ChurnConfigException FlagOfChurn(string flag) =>
        new(new ErrorCode(1153), $"{flag} says nothing to a model of a value") { Hint = "leave it out: a number has no probability to calibrate, and no threshold" };

    public static ChurnDataException Uncalibrated(string directory, string version) =>
        new(new ErrorCode(1154), $"the scores in '{directory}' are of model '{version}', whose probabilities are not calibrated")
        {
            Expected = "calibrated probabilities, which an expected value is made of",
            Actual = "calibration none",
            Hint = "train without `calibration: none`, score with that model, and decide on those scores",
        };

    public static ChurnConfigException FlagColumnOfAValue(string version) =>
        new(new ErrorCode(1155), $"model '{version}' predicts a value, which no threshold flags") { Hint = "leave --flag, and `score.flag`, out" };

    public static ChurnConfigException ReportOfAValue(string version) =>
        new(new ErrorCode(1156), $"model '{version}' predicts a value, and the report is of models of churn") { Hint = "leave --report, and `report.out`, out: the metrics of a value are printed" };

    public static ChurnDataException ReportOfOneClass(int rows) =>
        new(new ErrorCode(1157), "a report needs customers who left and customers who stayed") { Expected = "both among the labels", Actual = $"one of them in all {rows} rows", Hint = "measure on another date, or on more rows" };

    public static ChurnDataException ComparedOnOtherRows(string version, int rows, int expected) =>
        new(new ErrorCode(1158), $"model '{version}' of --compare-with is measured on other rows")
        {
            Expected = $"the same {expected} customers and labels",
            Actual = $"{rows} rows that differ",
            Hint = "compare models of the same label and entity",
        };

    public static ChurnConfigException CannotReport(string directory, Exception cause) =>
        new(new ErrorCode(1159), $"the report cannot be written to '{directory}'", cause) { Expected = "a folder that may be written to", Actual = cause.Message, Hint = StorageFault.Hint(cause, "name another folder with --report") };

    public static ChurnConfigException NoSegmentFeature(string name, IEnumerable<string> known) =>
        new(new ErrorCode(1160), $"--segment: the model has no feature '{name}'") { Hint = Suggestion.For(name, known) };

    public static ChurnDataException StoreShrank(string file, long expected, long actual) =>
        new(new ErrorCode(1133), $"'{file}' has other rows than when the job began") { Expected = $"{expected} rows in a partition", Actual = $"{actual}", Hint = "another process replaced that date: run the job again" };

    public static ChurnConfigException NoSuchCustomer(string key, string customer, string? asOf, long customers) =>
        new(new ErrorCode(1170), $"there is no {key} '{customer}'{(asOf is null ? "" : $" at risk as of {asOf}")}")
        {
            Expected = $"one of {customers:N0} customers",
            Hint = asOf is null ? "look it up in the table; blanks and leading zeros count" : "who had left by then, or was not there yet, has no prediction; try another --as-of",
        };

    public static ChurnConfigException NoTreesToAsk(string version, string flag) =>
        new(new ErrorCode(1171), $"{flag} asks the trees of a model, and {version} has none") { Hint = "leave it out: the terms of a linear model do not act together, and its effects are told from the training means" };

    public static ChurnConfigException BadFloor(string at, string key, string metric, string value, IReadOnlyList<string> known) =>
        new(new ErrorCode(1172), $"{at}: `monitor.{key}` has '{metric}: {value}'")
        {
            Expected = $"a number for one of {string.Join(", ", known)}",
            Hint = known.Contains(metric) ? "write a number" : $"{Suggestion.Sentence(metric, known)}",
        };

    public static ChurnConfigException UnknownMonitored(string feature, IEnumerable<string> known) =>
        new(new ErrorCode(1173), $"`monitor.ignore` names '{feature}', which is no feature of the model") { Hint = Suggestion.Sentence(feature, [.. known]) };

    public static ChurnConfigException BadChannel(string at, string expected) => new(new ErrorCode(1174), $"{at}: a channel of `alerts` cannot be used")
    {
        Expected = expected,
        Hint = "such as `{ to: alertmanager, url: http://alertmanager:9093 }`, or `{ to: slack, url_env: SLACK_WEBHOOK_URL, min_severity: warning }`",
    };

    public static ChurnConfigException UnknownAlarmKind(string at, string kind) =>
        BadRule(at, $"`on` of '*', or of {string.Join(", ", AlarmKind.All)}", $"'{kind}'", Suggestion.Sentence(kind, AlarmKind.All));

    public static ChurnConfigException RuleTwice(string at, string name) => BadRule(at, "a `name` of its own", $"'{name}', which another has", "give each rule a `name`");

    private static ChurnConfigException BadRule(string at, string expected, string actual, string hint) =>
        new(new ErrorCode(1175), $"{at}: a rule of `alerts` cannot be used") { Expected = expected, Actual = actual, Hint = hint };
}
