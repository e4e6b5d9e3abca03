namespace NeuroDb.Neural;

/// <summary>A column of raw features.</summary>
/// <param name="Name">The name.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Shape">The shape of vectors and images.</param>
internal sealed record FeatureColumn(string Name, ColumnKind Kind, TensorShape Shape)
{
    /// <summary>A column of numbers.</summary>
    public static FeatureColumn Number(string name) =>
        new(name, ColumnKind.Number, TensorShape.Flat(1));

    /// <summary>A column of texts.</summary>
    public static FeatureColumn Text(string name) =>
        new(name, ColumnKind.Text, TensorShape.Flat(1));
}
