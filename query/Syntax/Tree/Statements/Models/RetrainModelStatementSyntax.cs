namespace NeuroDb.Query;

/// <summary>RETRAIN MODEL.</summary>
/// <param name="Name">The name of the model.</param>
/// <param name="Options">Options that differ from those of the live version.</param>
/// <param name="Query">The query that gives the rows; null for that of the live version.</param>
/// <param name="QueryText">Its text, or null.</param>
internal sealed record RetrainModelStatementSyntax(
    NameSyntax Name,
    IReadOnlyList<OptionSyntax> Options,
    QuerySyntax? Query,
    string? QueryText) : StatementSyntax
{
    /// <summary>Whether training begins with the weights of the live version.</summary>
    public bool IsWarmStart { get; init; }

    /// <summary>Whether the new version becomes live only by ALTER MODEL.</summary>
    public bool IsKept { get; init; }

    /// <summary>The first layer that keeps its weights, from 1; 0 for none.</summary>
    public int FreezeFirst { get; init; }

    /// <summary>The last layer that keeps its weights; 0 for none.</summary>
    public int FreezeLast { get; init; }
}
