using System.Text;
using System.Text.Json;

namespace NeuroDb.Neural;

/// <summary>
/// What the values of a column were like at one moment, in little space: quantiles of numbers, or
/// shares of the most frequent texts. Later values are compared with it.
/// </summary>
/// <param name="Name">The column.</param>
/// <param name="RowCount">The rows that were looked at.</param>
/// <param name="Missing">The share of rows without a value.</param>
/// <param name="Quantiles">Ascending numbers at equal steps of share; empty for texts.</param>
/// <param name="Shares">The share of each frequent text; empty for numbers.</param>
internal sealed record FeatureSnapshot(
    string Name,
    long RowCount,
    double Missing,
    IReadOnlyList<double> Quantiles,
    IReadOnlyList<(string Value, double Share)> Shares)
{
    private const int QuantileCount = 256;
    private const int ValuesMax = 64;
    private const int SampleCount = 4096;

    /// <summary>Whether the column has numbers.</summary>
    public bool IsNumber => Shares.Count == 0;

    /// <summary>The snapshot of numbers; NaN is a missing value.</summary>
    public static FeatureSnapshot Of(string name, ReadOnlySpan<double> numbers)
    {
        double[] known = [.. numbers.ToArray().Where(static it => !double.IsNaN(it))];
        Array.Sort(known);
        int count = Math.Min(QuantileCount, known.Length);
        double[] quantiles = [.. Enumerable.Range(0, count).Select(
            i => known[(int)(((2L * i) + 1) * known.Length / (2L * count))])];
        return new FeatureSnapshot(
            name, numbers.Length, MissingOf(known.Length, numbers.Length), quantiles, []);
    }

    /// <summary>The snapshot of texts; null is a missing value.</summary>
    public static FeatureSnapshot Of(string name, IReadOnlyList<string?> texts)
    {
        string[] known = [.. texts.OfType<string>()];
        return new FeatureSnapshot(
            name,
            texts.Count,
            MissingOf(known.Length, texts.Count),
            [],
            [
                .. known.GroupBy(static it => it, StringComparer.Ordinal)
                    .OrderByDescending(static it => it.Count())
                    .ThenBy(static it => it.Key, StringComparer.Ordinal)
                    .Take(ValuesMax)
                    .Select(it => (it.Key, it.Count() / (double)known.Length)),
            ]);
    }

    /// <summary>
    /// Numbers that are distributed as those were, up to a step of the quantiles, NaN among them.
    /// </summary>
    public double[] SampleNumbers()
    {
        int missing = (int)Math.Round(Missing * SampleCount);
        var sample = new double[Quantiles.Count == 0 ? missing : SampleCount];
        for (int i = 0; i < sample.Length; i++)
        {
            sample[i] = i < missing || Quantiles.Count == 0
                ? double.NaN
                : Quantiles[(int)((long)(i - missing) * Quantiles.Count
                    / Math.Max(1, SampleCount - missing))];
        }

        return sample;
    }

    /// <summary>
    /// Texts that are distributed as those were, null among them; what was rare is one text.
    /// </summary>
    public IReadOnlyList<string?> SampleTexts()
    {
        const string Rare = "\0rare";
        var sample = new List<string?>(SampleCount);
        double known = (1 - Missing) * SampleCount;
        foreach ((string value, double share) in Shares)
        {
            sample.AddRange(Enumerable.Repeat(value, (int)Math.Round(share * known)));
        }

        int rare = (int)Math.Round((1 - Shares.Sum(static it => it.Share)) * known);
        sample.AddRange(Enumerable.Repeat(Rare, Math.Max(0, rare)));
        sample.AddRange(Enumerable.Repeat<string?>(null, (int)Math.Round(Missing * SampleCount)));
        return sample;
    }

    /// <summary>The text of snapshots.</summary>
    public static string Write(IEnumerable<FeatureSnapshot> snapshots)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach (FeatureSnapshot snapshot in snapshots)
            {
                snapshot.Write(writer);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    /// <summary>The snapshots of a text; none of one that is not ours.</summary>
    public static IReadOnlyList<FeatureSnapshot> Read(string text)
    {
        if (text.Length == 0)
        {
            return [];
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return [.. document.RootElement.EnumerateObject().Select(Read)];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException
            or KeyNotFoundException or FormatException)
        {
            return [];
        }
    }

    private static double MissingOf(long known, long all) =>
        all == 0 ? 0 : 1 - (known / (double)all);

    private static FeatureSnapshot Read(JsonProperty property)
    {
        JsonElement value = property.Value;
        return new FeatureSnapshot(
            property.Name,
            value.GetProperty("rows").GetInt64(),
            value.GetProperty("missing").GetDouble(),
            value.TryGetProperty("quantiles", out JsonElement quantiles)
                ? [.. quantiles.EnumerateArray().Select(static it => it.GetDouble())] : [],
            value.TryGetProperty("shares", out JsonElement shares)
                ? [.. shares.EnumerateObject().Select(static it =>
                    (it.Name, it.Value.GetDouble()))]
                : []);
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject(Name);
        writer.WriteNumber("rows", RowCount);
        writer.WriteNumber("missing", Missing);
        if (IsNumber)
        {
            writer.WriteStartArray("quantiles");
            foreach (double quantile in Quantiles.Where(double.IsFinite))
            {
                writer.WriteNumberValue(quantile);
            }

            writer.WriteEndArray();
        }
        else
        {
            writer.WriteStartObject("shares");
            foreach ((string value, double share) in Shares)
            {
                writer.WriteNumber(value, share);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
