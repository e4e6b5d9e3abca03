using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>The keywords of the grammar, found by their text without regard to case.</summary>
internal static class SqlKeywords
{
    private static readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Types =
        Build().GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly int LengthMax = "CURRENT_TIMESTAMP".Length;

    /// <summary>The token type of a word: its keyword's, or that of a name.</summary>
    public static int TypeOf(ReadOnlySpan<char> word) =>
        word.Length <= LengthMax && Types.TryGetValue(word, out int type)
            ? type
            : NeuroSql.IDENTIFIER;

    /// <summary>Whether a token type is a keyword's.</summary>
    public static bool IsKeyword(int type) => type is > 0 and < NeuroSql.IDENTIFIER;

    private static Dictionary<string, int> Build()
    {
        Dictionary<string, int> types =
            new(NeuroSql.IDENTIFIER, StringComparer.OrdinalIgnoreCase);
        for (int type = 1; type < NeuroSql.IDENTIFIER; type++)
        {
            types.Add(NeuroSql.DefaultVocabulary.GetSymbolicName(type), type);
        }

        return types;
    }
}
