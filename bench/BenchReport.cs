using System.Globalization;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace NeuroDb.Bench;

/// <summary>
/// The result of a bench: a table for people, one closing line of <c>name=value</c> pairs for
/// scripts, and a JSON file on request.
/// </summary>
internal sealed class BenchReport(string title)
{
    private readonly List<string[]> _rows = [];
    private readonly OrderedDictionary<string, double> _figures = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, double> _details = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];

    /// <summary>Adds a row of the table; the first row is the heading.</summary>
    public void Row(params string[] cells) => _rows.Add(cells);

    /// <summary>Adds a figure of the closing line; NaN is one that could not be had.</summary>
    public void Figure(string name, double value) => _figures[name] = value;

    /// <summary>Adds a figure that only the JSON file shows.</summary>
    public void Detail(string name, double value) => _details[name] = value;

    /// <summary>Adds a remark below the table, such as a missing peer.</summary>
    public void Note(string text) => _notes.Add(text);

    /// <summary>Prints everything, and writes the JSON file if one is asked for.</summary>
    public void Print(BenchArguments arguments)
    {
        Console.WriteLine($"# {title}");
        Console.WriteLine(Machine());
        int columns = _rows.Max(row => row.Length);
        int[] widths = new int[columns];
        foreach (string[] row in _rows)
        {
            for (int i = 0; i < row.Length; i++)
            {
                widths[i] = Math.Max(widths[i], row[i].Length);
            }
        }

        foreach (string[] row in _rows)
        {
            IEnumerable<string> cells = row.Select((cell, i) =>
                i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]));
            Console.WriteLine("| " + string.Join(" | ", cells) + " |");
        }

        foreach (string note in _notes)
        {
            Console.WriteLine($"note: {note}");
        }

        if (arguments.JsonPath is string path)
        {
            var known = _figures.Concat(_details)
                .Where(static pair => double.IsFinite(pair.Value))
                .ToDictionary(static pair => pair.Key, static pair => pair.Value);
            File.WriteAllText(path, JsonSerializer.Serialize(known));
        }

        Console.WriteLine(string.Join(
            ' ', _figures.Select(pair => $"{pair.Key}={Closing(pair.Value)}")));
    }

    private static string Closing(double value) => double.IsNaN(value)
        ? "none"
        : value.ToString(value >= 10_000 ? "F0" : "G5", CultureInfo.InvariantCulture);

    private static string Machine()
    {
        string lanes = Vector512.IsHardwareAccelerated ? "AVX-512"
            : Vector256.IsHardwareAccelerated ? "AVX2" : "128-bit";
        return $"machine: {Environment.ProcessorCount} cores, {lanes}, .NET {Environment.Version}, "
            + Environment.OSVersion;
    }
}
