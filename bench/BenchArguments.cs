using System.Globalization;

namespace NeuroDb.Bench;

/// <summary>The options of a bench command: pairs of <c>--name value</c>.</summary>
internal sealed class BenchArguments(string[] arguments)
{
    /// <summary>All words, for benches that hand them on.</summary>
    public string[] Words => arguments;

    /// <summary>The file for the figures as JSON, or null.</summary>
    public string? JsonPath => Text("json", null);

    /// <summary>A text option.</summary>
    public string? Text(string name, string? otherwise)
    {
        int at = Array.IndexOf(arguments, "--" + name);
        if (at >= 0 && at + 1 == arguments.Length)
        {
            throw new BenchException($"--{name} takes a value.");
        }

        return at >= 0 ? arguments[at + 1] : otherwise;
    }

    /// <summary>Whether an option without a value is given.</summary>
    public bool Has(string name) => Array.IndexOf(arguments, "--" + name) >= 0;

    /// <summary>A whole number option.</summary>
    public int Number(string name, int otherwise) =>
        Text(name, null) is not string text ? otherwise
            : int.TryParse(text, CultureInfo.InvariantCulture, out int number) ? number
            : throw new BenchException($"--{name} takes a whole number, not '{text}'.");
}
