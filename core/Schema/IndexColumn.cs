namespace NeuroDb;

/// <summary>One column of an index.</summary>
/// <param name="Ordinal">The ordinal of the column in the table.</param>
/// <param name="IsDescending">Whether the greatest value comes first.</param>
/// <param name="NullsFirst">Whether NULLs come before all values, whatever the direction.</param>
/// <param name="OperatorClass">The operator class in lower case, or null.</param>
internal readonly record struct IndexColumn(
    int Ordinal, bool IsDescending, bool NullsFirst, string? OperatorClass = null);
