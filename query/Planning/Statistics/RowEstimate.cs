using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// How many rows are expected: the estimate, the interval that holds the true number in nine cases
/// of ten, and what says so. Low is at most Rows, and Rows at most High.
/// </summary>
internal readonly record struct RowEstimate(
    double Rows, double Low, double High, EstimateSource Source)
{
    // Fixed guesses are wrong by factors like these (V. Leis et al., "How Good Are Query
    // Optimizers, Really?", VLDB 2015, section 3).
    private const double GuessFactor = 8;

    // The quantile of the normal distribution that leaves a twentieth on either side.
    private const double Quantile = 1.645;

    /// <summary>What rows these are; null where it has no name.</summary>
    public EstimateKey? Key { get; init; }

    /// <summary>This estimate, or what was seen of the same rows.</summary>
    public RowEstimate Named(EstimateKey key) =>
        EstimateFeedback.Find(key) is { } seen
            ? Of(Math.Max(1, seen)) with { Source = EstimateSource.Feedback, Key = key }
            : this with { Key = key };

    /// <summary>A number that is known.</summary>
    public static RowEstimate Of(double rows) => new(rows, rows, rows, EstimateSource.Count);

    /// <summary>A fixed guess of a part of rows that are expected.</summary>
    public RowEstimate Guessed(double rows, double highMax = double.PositiveInfinity) => new(
        rows,
        Math.Min(rows, Math.Min(Low, rows / GuessFactor)),
        Math.Max(
            rows, Math.Min(highMax, (Rows > 0 ? High / Rows * rows : rows) * GuessFactor)),
        EstimateSource.Default);

    /// <summary>An estimate whose logarithm errs by that standard deviation.</summary>
    public static RowEstimate Of(double rows, double deviation, EstimateSource source)
    {
        double factor = Math.Exp(Quantile * deviation);
        return new(rows, rows / factor, rows * factor, source);
    }

    /// <summary>The standard deviation of the logarithm that the interval stands for.</summary>
    public double Deviation => Rows <= 0 || High <= Rows ? 0 : Math.Log(High / Rows) / Quantile;

    /// <summary>The same with other rows, the interval scaled, never below a number.</summary>
    public RowEstimate Scaled(double rows, double least = 0) => new(
        rows,
        Math.Min(rows, Math.Max(least, Rows <= 0 ? 0 : Low / Rows * rows)),
        Math.Max(rows, Rows <= 0 ? High : High / Rows * rows),
        Source);

    /// <summary>At most that many.</summary>
    public RowEstimate AtMost(double rows) =>
        new(Math.Min(Rows, rows), Math.Min(Low, rows), Math.Min(High, rows), Source);

    /// <summary>At least that many.</summary>
    public RowEstimate AtLeast(double rows) =>
        new(Math.Max(Rows, rows), Math.Max(Low, rows), Math.Max(High, rows), Source);

    /// <summary>The estimate for EXPLAIN.</summary>
    public override string ToString()
    {
        string word = Source.ToString().ToLowerInvariant();
        return Math.Round(Low) == Math.Round(High)
            ? string.Create(CultureInfo.InvariantCulture, $"about {Rows:N0} rows by {word}")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"about {Rows:N0} rows, {Low:N0} to {High:N0} by {word}");
    }
}
