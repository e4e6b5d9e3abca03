using System.Globalization;

namespace NeuroDb.Tests.Simulation;

/// <summary>The arguments of the command line: names, some with a number.</summary>
internal sealed class Arguments(string[] words)
{
    /// <summary>Whether a name is there.</summary>
    public bool Has(string name) => Array.IndexOf(words, name) >= 0;

    /// <summary>The word after a name.</summary>
    public string Word(string name) => words[Array.IndexOf(words, name) + 1];

    /// <summary>The number after a name, or another one.</summary>
    public long Number(string name, long otherwise)
    {
        int at = Array.IndexOf(words, name);
        return at >= 0 && at + 1 < words.Length
            && long.TryParse(words[at + 1], CultureInfo.InvariantCulture, out long number)
                ? number
                : otherwise;
    }
}
