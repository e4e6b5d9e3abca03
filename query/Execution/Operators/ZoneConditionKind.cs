namespace NeuroDb.Query;

/// <summary>What a <see cref="ZoneCondition"/> asks of a column.</summary>
internal enum ZoneConditionKind
{
    /// <summary>How it compares with a value.</summary>
    Comparison,

    /// <summary>Whether it is NULL.</summary>
    Null,

    /// <summary>Whether it is not NULL.</summary>
    NotNull,
}
