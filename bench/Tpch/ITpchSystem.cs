namespace NeuroDb.Bench;

/// <summary>A system that is given the tables of the benchmark and asked its queries.</summary>
internal interface ITpchSystem : IDisposable
{
    /// <summary>The name in the table of results.</summary>
    string Name { get; }

    /// <summary>Makes a table; its rows follow.</summary>
    void Begin(TpchTable table);

    /// <summary>Gives the next value of the row.</summary>
    void Whole(long value);

    /// <summary>Gives the next value of the row, in hundredths.</summary>
    void Number(long hundredths);

    /// <summary>Gives the next value of the row.</summary>
    void Text(string value);

    /// <summary>Gives the next value of the row, in days since 1970-01-01.</summary>
    void Date(int days);

    /// <summary>Ends the row.</summary>
    void EndRow();

    /// <summary>Ends the table.</summary>
    void End();

    /// <summary>Makes statistics, where the system has them.</summary>
    void Analyze();

    /// <summary>The rows of a query as text; null where it took longer than it may.</summary>
    List<string[]>? Run(string sql);
}
