using System.CommandLine;
using System.Globalization;
using ChurnEngine.Pipeline;
using Spectre.Console;

namespace ChurnEngine.Cli;

internal sealed class GetVerb : Verb
{
    private readonly Option<string> _store;
    private readonly Option<string> _customer;

    public GetVerb() : base("get", "Read the features of one customer out of a file that `churn features publish` wrote.")
    {
        _store = Add(new Option<string>("--store", "-s") { Description = "The SQLite file.", DefaultValueFactory = _ => "features.sqlite", HelpName = "FILE" });
        _customer = Add(new Option<string>("--customer") { Description = "The customer's key.", Required = true, HelpName = "ID" });
    }

    protected override IReadOnlyList<Example> Examples =>
    [
        new("what does the service see of this customer?", "churn features get --store features.sqlite --customer 4711"),
        new("for a script", "churn features get --store features.sqlite --customer c-0042 --json"),
    ];

    protected override VerbResult Run(VerbContext context)
    {
        CustomerFeatures found = StoreReadStep.Get(context.Require(_store), context.Require(_customer));
        return new VerbResult(found, console =>
        {
            console.WriteLine($"customer {found.Customer} as of {found.AsOf}, plan {found.PlanHash[..12]}");
            Table table = new Table().Border(TableBorder.Simple).AddColumn("feature").AddColumn(new TableColumn("value").RightAligned());
            foreach ((string name, object? value) in found.Features)
                table.AddRow(Markup.Escape(name), Markup.Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
            console.Write(table);
        });
    }
}
