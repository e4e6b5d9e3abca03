using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>The text index of a column that an expression asks.</summary>
/// <param name="Table">The table.</param>
/// <param name="Index">The index.</param>
internal sealed record TextIndexReference(TableEntry Table, IndexEntry Index)
{
    /// <summary>The structure of the index.</summary>
    public TextIndex Structure => (TextIndex)Index.GetOrMake(
        entry => new TextIndex(Table, entry.Schema, TextAnalyzer.Instance));
}
