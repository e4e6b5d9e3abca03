namespace NeuroDb.Tests.Sql;

/// <summary>
/// One record of a sqllogictest script: a statement or a query with its expectation.
/// </summary>
internal sealed record SltRecord
{
    /// <summary>The line of the first word, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>The SQL text.</summary>
    public required string Sql { get; init; }

    /// <summary>Whether rows are expected.</summary>
    public bool IsQuery { get; init; }

    /// <summary>Whether the statement must fail.</summary>
    public bool ExpectsError { get; init; }

    /// <summary>The error code that must come, as its number; 0 for any.</summary>
    public int ErrorNumber { get; init; }

    /// <summary>One letter for each column: I integer, R three decimals, T text.</summary>
    public string Types { get; init; } = "";

    /// <summary>How the values are sorted before they are compared.</summary>
    public SltSort Sort { get; init; }

    /// <summary>The label that several queries of equal result share, or empty.</summary>
    public string Label { get; init; } = "";

    /// <summary>The expected lines; a single "N values hashing to MD5" for long results.</summary>
    public IReadOnlyList<string> Expected { get; init; } = [];
}
