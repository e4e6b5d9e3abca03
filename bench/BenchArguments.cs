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
        return at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : otherwise;
    }

    /// <summary>Whether an option without a value is given.</summary>
    public bool Has(string name) => Array.IndexOf(arguments, "--" + name) >= 0;

    /// <summary>A whole number option.</summary>
    public int Number(string name, int otherwise) =>
        Text(name, null) is string text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;
}
