using System.Globalization;

namespace NeuroDb.Storage;

/// <summary>The parameters of BM25.</summary>
/// <param name="Saturation">k1: how much a second occurrence still counts, 0 to 10.</param>
/// <param name="LengthWeight">b: how much long texts are marked down, 0 to 1.</param>
internal sealed record TextIndexOptions(double Saturation, double LengthWeight)
{
    private const double SaturationMax = 10;

    /// <summary>The values that fit most texts: k1 = 1.2, b = 0.75.</summary>
    public static TextIndexOptions Default { get; } = new(1.2, 0.75);

    /// <summary>The options of WITH: k1 and b.</summary>
    public static TextIndexOptions Of(IndexSchema schema)
    {
        foreach (IndexOption option in schema.Options)
        {
            if (option.Name is not ("k1" or "b"))
            {
                throw new NeuroStoreException(
                    ErrorCode.InvalidSetting,
                    $"A bm25 index has no option {option.Name}; its options are k1 and b.");
            }
        }

        return new TextIndexOptions(
            Read(schema, "k1", Default.Saturation, SaturationMax),
            Read(schema, "b", Default.LengthWeight, 1));
    }

    private static double Read(IndexSchema schema, string name, double normal, double max)
    {
        string? text = schema.Option(name);
        if (text is null)
        {
            return normal;
        }

        return double.TryParse(
            text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && value >= 0 && value <= max
            ? value
            : throw new NeuroStoreException(
                ErrorCode.InvalidSetting,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name} of a bm25 index is a number from 0 to {max}, not {text}."));
    }
}
