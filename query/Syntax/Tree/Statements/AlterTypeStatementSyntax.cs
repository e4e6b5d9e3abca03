namespace NeuroDb.Query;

/// <summary>ALTER TYPE: a label more, or another name for one or for the type.</summary>
/// <param name="Name">The name of the type.</param>
/// <param name="IfExists">Whether IF EXISTS is given.</param>
internal sealed record AlterTypeStatementSyntax(NameSyntax Name, bool IfExists) : StatementSyntax
{
    /// <summary>The new name of the type, or null.</summary>
    public IdentifierSyntax? NewName { get; init; }

    /// <summary>The label that gets another name, or null.</summary>
    public string? OldLabel { get; init; }

    /// <summary>The new label, or null.</summary>
    public string? Label { get; init; }

    /// <summary>Whether a label that is there already is no error.</summary>
    public bool IfNotExists { get; init; }

    /// <summary>The label that the new one stands beside; null for the end.</summary>
    public string? Neighbour { get; init; }

    /// <summary>Whether the new label stands before its neighbour.</summary>
    public bool IsBefore { get; init; }
}
