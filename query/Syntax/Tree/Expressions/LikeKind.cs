namespace NeuroDb.Query;

/// <summary>The kinds of pattern matching.</summary>
internal enum LikeKind
{
    /// <summary>LIKE: with case.</summary>
    Like,

    /// <summary>ILIKE: without case.</summary>
    ILike,

    /// <summary>GLOB: with * and ?.</summary>
    Glob,

    /// <summary>REGEXP and ~: regular expressions.</summary>
    Regexp,
}
