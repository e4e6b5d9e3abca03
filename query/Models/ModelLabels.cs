namespace NeuroDb.Query;

/// <summary>
/// The texts that stand for the values of a target: the same in training and prediction.
/// </summary>
internal static class ModelLabels
{
    /// <summary>Whether values of a type can be labels.</summary>
    public static bool CanBeLabel(DataType type) => type.Kind is TypeKind.Text or TypeKind.Boolean
        or TypeKind.Integer or TypeKind.BigInt or TypeKind.Decimal or TypeKind.Date
        or TypeKind.Uuid;

    /// <summary>The label of a value; null for NULL.</summary>
    public static string? TextOf(ColumnBuffer column, int row) =>
        column.IsNull(row) ? null : ValueText.Format(column, row);

    /// <summary>The value of a label.</summary>
    public static Value ValueOf(string label, DataType type) => type.Kind switch
    {
        TypeKind.Text => Value.Of(label),
        TypeKind.Boolean => Value.Of(label == "true"),
        _ => ValueParser.Parse(label, type),
    };
}
