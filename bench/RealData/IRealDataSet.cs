namespace ChurnEngine.Bench.RealData;

/// <summary>A real data set of ../shared/data, and how it becomes a project: a folder with tables and the churn.yaml that is kept beside the sources.</summary>
internal interface IRealDataSet
{
    /// <summary>Folder in ../shared/data.</summary>
    string Source { get; }

    /// <summary>Folder of its plan in bench/RealData, and of the project that is made of it.</summary>
    string Name { get; }

    /// <summary>The one feature of its plan that tells how lately the customer was there: a model of it alone is the baseline.</summary>
    string Recency { get; }

    /// <summary>Writes the tables that the plan names.</summary>
    /// <param name="source">Folder with the data as they came.</param>
    /// <param name="project">Folder of the project; it exists.</param>
    void WriteTables(string source, string project);
}
