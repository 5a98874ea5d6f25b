using System.Globalization;
using System.Text;
using ChurnEngine.Columns;

namespace ChurnEngine.Bench.RealData;

/// <summary>Students of the Open University. Five tables that are joined by three columns, with days counted from a presentation's start, become two: enrolments and
/// dated events, once for the presentations up to February 2014 and once for those of October 2014.</summary>
/// <remarks>What was not known at the time stays out: the final result, and unregistrations but as events. Results carried over from an earlier presentation
/// (<c>is_banked</c>) are no submissions, and exams have no deadline. A deadline that passes without a submission is an event of the day after.</remarks>
internal sealed class StudentDropout : IRealDataSet
{
    private const string LaterPresentation = "2014J";

    // When a mark was told is not in the data; the university promises ten working days.
    private const int DaysToMark = 14;

    // The longest presentation; what comes later, up to a year, is hardly part of it.
    private const int LastDay = 269;

    private static readonly DateOnly s_dayZero = new(2014, 1, 1);

    public string Source => "oulad_student_dropout";

    public string Name => "oulad";

    public string Recency => "days_since_submission";

    public void WriteTables(string source, string project)
    {
        Enrolment[] enrolments = ReadEnrolments(source);
        Assessment[] assessments = [.. Rows(source, "assessments_processed.csv").Where(row => row["date"] != "?")
            .Select(row => new Assessment(row["id_assessment"], Presentation(row), Whole(row["date"]), row["weight"]))];
        Dictionary<(string Student, string Assessment), Submission> submissions = Rows(source, "student_assessment_processed.csv").Where(row => row["is_banked"] == "0")
            .ToDictionary(row => (row["id_student"], row["id_assessment"]), row => new Submission(Whole(row["date_submitted"]), row["score"]));
        foreach ((string folder, bool later) in new[] { ("earlier", false), ("later", true) })
        {
            FileChanges.CreateFolder(Path.Combine(project, folder));
            Enrolment[] chosen = [.. enrolments.Where(e => e.IsLater == later)];
            AtomicFile.WriteText(Path.Combine(project, folder, "students.csv"), Students(chosen));
            AtomicFile.WriteText(Path.Combine(project, folder, "events.csv"), Events(chosen, assessments.ToLookup(a => a.Presentation), submissions));
        }
        foreach ((string config, string later) in new[] { ("churn.yaml", "later.yaml"), ("recency.yaml", "later-recency.yaml") })
            AtomicFile.WriteText(Path.Combine(project, later), File.ReadAllText(Path.Combine(project, config)).Replace("earlier/", "later/", StringComparison.Ordinal));
    }

    private static Enrolment[] ReadEnrolments(string source)
    {
        Dictionary<string, Dictionary<string, string>> students = Rows(source, "studentInfo.csv").ToDictionary(Enrolment.KeyOf);
        // A registration without a date cannot be placed in time.
        return [.. Rows(source, "student_registration_processed.csv").Where(row => row["date_registration"].Length > 0)
            .Select(row => new Enrolment(students[Enrolment.KeyOf(row)], Whole(row["date_registration"]), row["date_unregistration"] is { Length: > 0 } day ? Whole(day) : null))];
    }

    private static string Students(Enrolment[] enrolments)
    {
        var csv = new StringBuilder("enrolment,registered_at,starts_at,module,education,deprivation_band,previous_attempts,credits\n");
        foreach (Enrolment e in enrolments)
        {
            // A spreadsheet took one of the bands for a day in October.
            string band = e.Student["imd_band"] == "20-Oct" ? "10-20%" : e.Student["imd_band"];
            csv.AppendJoin(',', e.Key, Date(e.Registered), Date(0), e.Student["code_module"], e.Student["highest_education"], band, e.Student["num_of_prev_attempts"], e.Student["studied_credits"]).Append('\n');
        }
        return csv.ToString();
    }

    private static string Events(Enrolment[] enrolments, ILookup<string, Assessment> assessments, Dictionary<(string Student, string Assessment), Submission> submissions)
    {
        var csv = new StringBuilder("enrolment,at,kind,weight,days_late,mark\n");
        foreach (Enrolment e in enrolments)
        {
            foreach (Assessment assessment in assessments[e.Presentation])
            {
                Submission? submission = submissions.GetValueOrDefault((e.Student["id_student"], assessment.Id));
                if (submission is not null)
                {
                    Add(e, submission.Day, "submitted", assessment.Weight, $"{submission.Day - assessment.Due}", "");
                    Add(e, Math.Max(submission.Day, assessment.Due) + DaysToMark, "marked", "", "", submission.Score);
                }
                if ((submission is null || submission.Day > assessment.Due) && e.Registered <= assessment.Due && !(e.Unregistered <= assessment.Due))
                    Add(e, assessment.Due + 1, "missed", assessment.Weight, "", "");
            }
            if (e.Unregistered is { } day)
                Add(e, day, "unregistered", "", "", "");
        }
        return csv.ToString();

        void Add(Enrolment e, int day, string kind, string weight, string daysLate, string mark)
        {
            if (day <= LastDay)
                csv.AppendJoin(',', e.Key, Date(day), kind, weight, daysLate, mark).Append('\n');
        }
    }

    private static IEnumerable<Dictionary<string, string>> Rows(string folder, string file)
    {
        using IEnumerator<string> lines = File.ReadLines(Path.Combine(folder, file)).GetEnumerator();
        if (!lines.MoveNext())
            yield break;
        string[] names = lines.Current.Split(',');
        while (lines.MoveNext())
            yield return names.Zip(lines.Current.Split(',')).ToDictionary(cell => cell.First, cell => cell.Second);
    }

    private static string Presentation(Dictionary<string, string> row) => $"{row["code_module"]}-{row["code_presentation"]}";

    private static int Whole(string text) => (int)double.Parse(text, CultureInfo.InvariantCulture);

    private static string Date(int day) => s_dayZero.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private sealed record Assessment(string Id, string Presentation, int Due, string Weight);

    private sealed record Submission(int Day, string Score);

    private sealed record Enrolment(Dictionary<string, string> Student, int Registered, int? Unregistered)
    {
        public string Key { get; } = KeyOf(Student);

        public string Presentation { get; } = StudentDropout.Presentation(Student);

        public bool IsLater => Student["code_presentation"] == LaterPresentation;

        public static string KeyOf(Dictionary<string, string> row) => $"{StudentDropout.Presentation(row)}-{row["id_student"]}";
    }
}
