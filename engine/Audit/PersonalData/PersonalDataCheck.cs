using System.Text.RegularExpressions;
using ChurnEngine.Columns;
using ChurnEngine.Features;

namespace ChurnEngine.Audit;

/// <summary>What a feature seems to tell of a person.</summary>
public enum PersonalDataKind
{
    /// <summary>Who somebody is: a name, an address, a number. No model needs it.</summary>
    Identifier,
    /// <summary>What somebody may not be judged by: age, gender, origin, belief and the like.</summary>
    Protected,
}

/// <summary>A feature that looks like personal data.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Column">Column that it tells; empty where only the name is known.</param>
/// <param name="Kind">An identifier, or a protected attribute.</param>
/// <param name="What">Such as "an e-mail address".</param>
/// <param name="IsByValues">True when its values gave it away, not its name.</param>
public sealed record PersonalDataFinding(string Feature, string Column, PersonalDataKind Kind, string What, bool IsByValues)
{
    /// <summary>One sentence.</summary>
    public string Message => $"feature '{Feature}' {(IsByValues ? "has values that look like" : "looks like")} {What}";
}

/// <summary>Looks for features that tell who somebody is, or what nobody may be judged by: by their names, by the names of the columns they pass on, and by the look of their categories.</summary>
/// <remarks>Counts, sums and times of a table tell nothing of a person and are let through, whatever the table is called. A name in another language is not known.
/// Source: the special categories of Article 9 of the General Data Protection Regulation, with age, sex, and what identifies (Article 4).</remarks>
public static partial class PersonalDataCheck
{
    private const double ShareOfValues = 0.5;

    private static readonly string[] s_persons = ["customer", "user", "person", "contact", "subscriber", "client", "member", "account", "employee", "owner"];

    // A rule holds when the words of a name end with one of its endings.
    private static readonly (PersonalDataKind Kind, string What, string[] Endings)[] s_rules =
    [
        (PersonalDataKind.Identifier, "an e-mail address", ["email", "e mail", "mail address", "email address", "e mail address"]),
        (PersonalDataKind.Identifier, "an internet address", ["ip address", "mac address"]),
        (PersonalDataKind.Identifier, "a phone number", ["phone", "telephone", "msisdn", "fax", "cellphone", "phone number", "telephone number", "mobile number", "cell number", "phone no", "fax number"]),
        (PersonalDataKind.Identifier, "a person's name", ["first name", "last name", "full name", "given name", "family name", "middle name", "maiden name", "nick name", "firstname", "lastname", "fullname", "surname", "username", "nickname",
            .. s_persons.Select(person => $"{person} name")]),
        (PersonalDataKind.Identifier, "a postal address", ["street", "street address", "postal address", "home address", "billing address", "shipping address", "address line", .. s_persons.Select(person => $"{person} address")]),
        (PersonalDataKind.Identifier, "a number of a document or an account", ["ssn", "social security number", "passport", "passport number", "national id", "tax id", "iban", "card number", "account number", "licence plate", "license plate", "driver license", "driving licence"]),
        (PersonalDataKind.Protected, "the sex or gender of a person", ["gender", "sex"]),
        (PersonalDataKind.Protected, "the age of a person", ["age group", "age band", "age range", "age years", "age bucket", "birth", "birthday", "birthdate", "birth date", "birth day", "birth year", "year of birth", "date of birth", "dob", "senior", "senior citizen",
            .. s_persons.Where(person => person != "account").Select(person => $"{person} age")]),
        (PersonalDataKind.Protected, "the origin of a person", ["ethnicity", "ethnic group", "ethnic origin", "race", "nationality", "citizenship", "native language", "mother tongue", "country of birth"]),
        (PersonalDataKind.Protected, "a belief", ["religion", "religious affiliation", "faith", "political affiliation", "political party", "political views", "union membership", "trade union"]),
        (PersonalDataKind.Protected, "the health of a person", ["disability", "disabled", "pregnant", "pregnancy", "health status", "diagnosis", "medical condition"]),
        (PersonalDataKind.Protected, "the private life of a person", ["marital status", "sexual orientation"]),
        (PersonalDataKind.Protected, "where a person lives", ["zip", "zip code", "zipcode", "postcode", "post code", "postal code"]),
    ];

    // These mean a person only when nothing stands before them: account_age and product_name do not.
    private static readonly (PersonalDataKind Kind, string What, string Name)[] s_whole =
    [
        (PersonalDataKind.Identifier, "a person's name", "name"), (PersonalDataKind.Identifier, "a postal address", "address"), (PersonalDataKind.Protected, "the age of a person", "age"),
    ];

    /// <summary>Finds them.</summary>
    /// <param name="features">[F] of a plan; those with categories are judged by these as well.</param>
    /// <param name="facts">[F] what the plan knows of them; empty: the names alone are judged.</param>
    /// <param name="allowed">Names of features or columns that are allowed.</param>
    /// <returns>In feature order; empty when there is none.</returns>
    public static IReadOnlyList<PersonalDataFinding> Run(IReadOnlyList<FeatureInfo> features, IReadOnlyList<FeatureFact> facts, IReadOnlyCollection<string> allowed)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(allowed);
        List<PersonalDataFinding> findings = [];
        for (int i = 0; i < features.Count; i++)
        {
            FeatureInfo feature = features[i];
            FeatureFact? fact = facts.ElementAtOrDefault(i);
            string column = fact?.TellsColumn ?? "";
            if (allowed.Contains(feature.Name) || column.Length > 0 && allowed.Contains(column) || fact is not null && column.Length == 0)
                continue;
            if ((Judge(feature.Name) ?? Judge(column)) is { } found)
                findings.Add(new PersonalDataFinding(feature.Name, column, found.Kind, found.What, IsByValues: false));
            else if (OfValues(feature.Categories) is { } what)
                findings.Add(new PersonalDataFinding(feature.Name, column, PersonalDataKind.Identifier, what, IsByValues: true));
        }
        return findings;
    }

    /// <summary>What a name says of a person; null for nothing.</summary>
    /// <param name="name">Of a feature or a column: snake_case, camelCase or words; a window at its end does not matter.</param>
    public static (PersonalDataKind Kind, string What)? Judge(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string words = string.Join(' ', Word().Matches(name).Select(match => match.Value.ToUpperInvariant()).Where(word => !Window().IsMatch(word)));
        foreach ((PersonalDataKind kind, string what, string whole) in s_whole)
        {
            if (words.Equals(whole, StringComparison.OrdinalIgnoreCase))
                return (kind, what);
        }
        foreach ((PersonalDataKind kind, string what, string[] endings) in s_rules)
        {
            if (endings.Any(ending => words.Equals(ending, StringComparison.OrdinalIgnoreCase) || words.EndsWith(" " + ending, StringComparison.OrdinalIgnoreCase)))
                return (kind, what);
        }
        return null;
    }

    /// <summary>Throws on identifiers; not called for those that are allowed by name.</summary>
    /// <remarks>Errors: <see cref="ChurnGateException"/> CE8003.</remarks>
    public static void ThrowOnIdentifiers(IReadOnlyList<PersonalDataFinding> findings)
    {
        if (findings.Any(finding => finding.Kind == PersonalDataKind.Identifier))
            throw AuditErrors.PersonalData([.. findings.Where(finding => finding.Kind == PersonalDataKind.Identifier)]);
    }

    private static string? OfValues(IReadOnlyList<string> categories)
    {
        if (categories.Count == 0)
            return null;
        return categories.Count(text => EmailValue().IsMatch(text)) >= ShareOfValues * categories.Count ? "e-mail addresses"
            : categories.Count(text => PhoneValue().IsMatch(text)) >= ShareOfValues * categories.Count ? "phone numbers" : null;
    }

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+[a-z]?", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex("^[0-9]+[A-Z]?$", RegexOptions.CultureInvariant)]
    private static partial Regex Window();

    [GeneratedRegex(@"^[^@\s]+@[^@\s]+\.[^@\s]{2,}$", RegexOptions.CultureInvariant)]
    private static partial Regex EmailValue();

    // With a plus or separators: a number of seven digits alone may be anything.
    [GeneratedRegex(@"^(?:\+[0-9][0-9 ()./-]{6,}|\(?[0-9]{2,5}\)?[ /-][0-9][0-9 /-]{4,}[0-9])$", RegexOptions.CultureInvariant)]
    private static partial Regex PhoneValue();
}
