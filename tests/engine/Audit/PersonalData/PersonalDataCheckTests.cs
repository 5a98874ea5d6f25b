using ChurnEngine.Columns;
using ChurnEngine.Features;

namespace ChurnEngine.Audit.Tests;

public class PersonalDataCheckTests
{
    [Theory]
    [InlineData("email"), InlineData("contact_email"), InlineData("EMailAddress"), InlineData("customerEmail"), InlineData("phone"), InlineData("home_phone_number"), InlineData("MSISDN")]
    [InlineData("name"), InlineData("first_name"), InlineData("lastName"), InlineData("contact_name"), InlineData("surname"), InlineData("address"), InlineData("street"), InlineData("billing_address")]
    [InlineData("ssn"), InlineData("iban"), InlineData("card_number"), InlineData("ip_address"), InlineData("passport")]
    public void Judge_Identifiers_AreKnown(string name) => Assert.Equal(PersonalDataKind.Identifier, PersonalDataCheck.Judge(name)!.Value.Kind);

    [Theory]
    [InlineData("gender"), InlineData("contact_gender"), InlineData("Sex"), InlineData("age"), InlineData("customer_age"), InlineData("age_group"), InlineData("birth_date"), InlineData("dateOfBirth"), InlineData("dob")]
    [InlineData("SeniorCitizen"), InlineData("senior"), InlineData("ethnicity"), InlineData("race"), InlineData("religion"), InlineData("nationality"), InlineData("marital_status"), InlineData("disability"), InlineData("zip_code")]
    public void Judge_ProtectedAttributes_AreKnown(string name) => Assert.Equal(PersonalDataKind.Protected, PersonalDataCheck.Judge(name)!.Value.Kind);

    [Theory]
    [InlineData("plays_30d"), InlineData("PhoneService"), InlineData("MultipleLines"), InlineData("payment_method"), InlineData("plan_name"), InlineData("product_name"), InlineData("emails_30d"), InlineData("email_opens_30d")]
    [InlineData("account_age_days"), InlineData("message_length"), InlineData("usage"), InlineData("average"), InlineData("racing_games"), InlineData("sexagesimal"), InlineData("PaperlessBilling"), InlineData("credit_card"), InlineData("region")]
    [InlineData("homepage"), InlineData("storage_gb"), InlineData("days_since_call"), InlineData("")]
    public void Judge_WhatSaysNothingOfAPerson_IsLetThrough(string name) => Assert.Null(PersonalDataCheck.Judge(name));

    [Fact]
    public void Run_JudgesTheColumnBehindAFeature_AndLetsCountsThrough()
    {
        FeatureInfo[] features = [new() { Name = "f1" }, new() { Name = "phone" }, new() { Name = "gender" }];
        FeatureFact[] facts = [new("f1") { Table = "customers", TellsColumn = "birth_date" }, new("phone") { Table = "calls" }, new("gender") { Table = "customers", TellsColumn = "gender" }];
        IReadOnlyList<PersonalDataFinding> findings = PersonalDataCheck.Run(features, facts, []);
        Assert.Equal([("f1", "birth_date"), ("gender", "gender")], findings.Select(finding => (finding.Feature, finding.Column)));
        PersonalDataCheck.ThrowOnIdentifiers(findings);
        Assert.Empty(PersonalDataCheck.Run(features, facts, ["birth_date", "gender"]));
    }

    [Fact]
    public void Run_ValuesThatLookLikeIt_AreFound()
    {
        Assert.Equal("f", Assert.Single(Of("ann@example.org", "bob.b@mail.example.com", "")).Feature);
        Assert.True(Assert.Single(Of("+44 20 7946 0958", "(020) 7946-0958")).IsByValues);
        Assert.Empty(Of("monthly", "a@b", "2024-01-01", "1234567"));
        ChurnGateException refused = Assert.Throws<ChurnGateException>(() => PersonalDataCheck.ThrowOnIdentifiers(Of("ann@example.org")));
        Assert.Equal(8003, refused.Code.Number);
        Assert.Contains("--allow-personal", refused.Hint, StringComparison.Ordinal);

        static IReadOnlyList<PersonalDataFinding> Of(params string[] categories) => PersonalDataCheck.Run([new FeatureInfo { Name = "f", Kind = FeatureKind.Categorical, Categories = categories }], [], []);
    }
}
