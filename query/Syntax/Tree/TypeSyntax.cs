namespace NeuroDb.Query;

/// <summary>A type as written; the binder resolves it.</summary>
/// <param name="Name">The words of the name in upper case, one space between.</param>
/// <param name="Arguments">The numbers in parentheses, if any.</param>
internal sealed record TypeSyntax(string Name, IReadOnlyList<int> Arguments) : SyntaxNode
{
    /// <summary>How many square brackets follow: 1 for an array.</summary>
    public int ArrayDepth { get; init; }

    /// <summary>The texts in parentheses: the labels of an ENUM.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The types in parentheses: fields of a STRUCT, key and value of a MAP.</summary>
    public IReadOnlyList<TypePartSyntax> Parts { get; init; } = [];
}
