using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// What rows an estimate is of: those of some tables under some conditions. Equal parts of
/// different statements have equal texts. Immutable; the text is made when it is asked for.
/// </summary>
internal sealed class EstimateKey(TableEntry[] tables, Func<string> text)
{
    private string? _text;

    /// <summary>The tables.</summary>
    public TableEntry[] Tables { get; } = tables;

    /// <summary>The tables and the conditions.</summary>
    public string Text => _text ??= text();
}
