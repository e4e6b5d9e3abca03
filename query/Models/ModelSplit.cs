using System.Globalization;

namespace NeuroDb.Query;

/// <summary>How the rows of a query are divided into those that train, validate and test.</summary>
internal sealed record ModelSplit
{
    private const int PartCount = 5;

    /// <summary>What decides.</summary>
    public ModelSplitKind Kind { get; init; }

    /// <summary>The share of the rows that validate.</summary>
    public double Validation { get; init; }

    /// <summary>The share of the rows that test; or how many of the last ones do.</summary>
    public double Test { get; init; }

    /// <summary>The column that rows are divided by; empty for none.</summary>
    public string Column { get; init; } = "";

    /// <summary>What hashes begin with.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether the column only divides rows and is no feature.</summary>
    public bool TakesColumn =>
        Kind is not (ModelSplitKind.Random or ModelSplitKind.Stratified);

    /// <summary>The column that rows are sorted by before they are divided, or null.</summary>
    public string? Order =>
        Kind is ModelSplitKind.Ordered or ModelSplitKind.LastOrdered ? Column : null;

    /// <summary>The split of a stored text.</summary>
    public static ModelSplit Parse(string text)
    {
        string[] parts = text.Split('|', PartCount);
        return parts.Length == PartCount
            && Enum.TryParse(parts[0], out ModelSplitKind kind)
            && double.TryParse(
                parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double validation)
            && double.TryParse(
                parts[2], NumberStyles.Float, CultureInfo.InvariantCulture, out double test)
            && ulong.TryParse(
                parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            ? new ModelSplit
            {
                Kind = kind,
                Validation = validation,
                Test = test,
                Seed = seed,
                Column = parts[4],
            }
            : new ModelSplit();
    }

    /// <summary>The text to store.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Kind}|{Validation:R}|{Test:R}|{Seed}|{Column}");
}
