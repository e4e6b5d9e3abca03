namespace NeuroDb.Bench;

/// <summary>
/// The stream of random numbers of one table (SplitMix64, Steele et al., OOPSLA 2014): the same
/// for the same seed on every machine.
/// </summary>
internal sealed class TpchRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A whole number between two bounds, both included.</summary>
    public int Between(int low, int high) =>
        low + (int)(Next() % (ulong)(high - low + 1));

    /// <summary>One of some texts.</summary>
    public string Pick(string[] texts) => texts[Next() % (ulong)texts.Length];

    /// <summary>A text of random letters, digits, commas and blanks.</summary>
    public string Letters(int lengthMin, int lengthMax)
    {
        const string Alphabet =
            "0123456789abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ,";
        Span<char> text = stackalloc char[Between(lengthMin, lengthMax)];
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = Alphabet[(int)(Next() >> 58)];
        }

        return new string(text);
    }

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
