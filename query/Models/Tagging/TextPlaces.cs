namespace NeuroDb.Query;

/// <summary>Places in texts: SQL counts code points, .NET UTF-16 units.</summary>
internal static class TextPlaces
{
    /// <summary>The unit at which a code point begins, counted from 0; -1 for none.</summary>
    public static int UnitAt(string text, int point)
    {
        if (point < 0)
        {
            return -1;
        }

        int unit = 0;
        for (; point > 0 && unit < text.Length; point--)
        {
            unit += IsPair(text, unit) ? 2 : 1;
        }

        return point == 0 ? unit : -1;
    }

    /// <summary>The code points of a part of a text.</summary>
    public static int PointsOf(string text, int start, int end)
    {
        int points = 0;
        for (int unit = start; unit < end; unit += IsPair(text, unit) ? 2 : 1)
        {
            points++;
        }

        return points;
    }

    private static bool IsPair(string text, int unit) =>
        char.IsHighSurrogate(text[unit]) && unit + 1 < text.Length
        && char.IsLowSurrogate(text[unit + 1]);
}
