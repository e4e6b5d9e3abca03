namespace NeuroDb.Tests.Sql;

/// <summary>The types of generated expressions.</summary>
internal enum GeneratedType
{
    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A double that is a multiple of a quarter.</summary>
    Real,

    /// <summary>A text.</summary>
    Text,
}
