namespace NeuroDb.Query;

/// <summary>ALTER MODEL; one of its properties says what is altered.</summary>
/// <param name="Name">The name of the model.</param>
/// <param name="IfExists">Whether IF EXISTS is given.</param>
internal sealed record AlterModelStatementSyntax(NameSyntax Name, bool IfExists) : StatementSyntax
{
    /// <summary>The n of SET LIVE VERSION n, or 0.</summary>
    public int LiveVersion { get; init; }

    /// <summary>The name behind RENAME TO, or null.</summary>
    public IdentifierSyntax? NewName { get; init; }

    /// <summary>The word behind QUANTIZE, or null.</summary>
    public IdentifierSyntax? Quantization { get; init; }

    /// <summary>The name behind OWNER TO, or null.</summary>
    public IdentifierSyntax? Owner { get; init; }

    /// <summary>The options of SET (..).</summary>
    public IReadOnlyList<OptionSyntax> Policies { get; init; } = [];
}
