namespace NeuroDb.Query;

/// <summary>One piece of a <see cref="TimeTemplate"/>: a field, or text that stands for itself.
/// </summary>
/// <param name="Field">The field in upper case, or null for text.</param>
/// <param name="Text">How the field is written, or the text.</param>
/// <param name="IsFilled">Whether it keeps its width; FM before it says no.</param>
/// <param name="Ordinal">TH or th behind it, which adds st, nd, rd or th; else empty.</param>
internal readonly record struct TimeTemplateItem(
    string? Field, string Text, bool IsFilled, string Ordinal)
{
    private static readonly string[] Numbers =
    [
        "CC", "DDD", "DD", "D", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6", "HH24", "HH12", "HH",
        "IDDD", "ID", "IW", "IYYY", "IYY", "IY", "I", "J", "MI", "MM", "MS", "Q", "SSSSS", "SSSS",
        "SS", "US", "WW", "W", "Y,YYY", "YYYY", "YYY", "YY", "Y",
    ];

    private static readonly string[] Words =
    [
        "A.D.", "A.M.", "AD", "AM", "B.C.", "BC", "DAY", "DY", "MONTH", "MON", "OF", "P.M.", "PM",
        "RM", "TZH", "TZM", "TZ",
    ];

    private static readonly string[] Titles = ["DAY", "DY", "MONTH", "MON"];

    private static readonly string[] LongestFirst =
        [.. Numbers.Concat(Words).OrderByDescending(static name => name.Length)];

    /// <summary>Whether the field is read as digits.</summary>
    public bool IsNumber => Field is not null && Array.IndexOf(Numbers, Field) >= 0;

    /// <summary>Whether it is a space or a sign that any such character of a text answers.
    /// </summary>
    public bool IsSeparator => Field is null && Ordinal.Length == 0
        && Text is [var only] && !char.IsLetterOrDigit(only);

    /// <summary>The field that begins at a place, as it is written there, or null.</summary>
    public static string? FieldAt(ReadOnlySpan<char> template)
    {
        foreach (string name in LongestFirst)
        {
            if (!template.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            ReadOnlySpan<char> written = template[..name.Length];
            bool isLower = !written.ContainsAnyInRange('A', 'Z');
            bool isUpper = !written.ContainsAnyInRange('a', 'z');
            bool isTitle = char.IsAsciiLetterUpper(written[0])
                && !written[1..].ContainsAnyInRange('A', 'Z')
                && Array.IndexOf(Titles, name) >= 0;
            if (isLower || isUpper || isTitle)
            {
                return written.ToString();
            }
        }

        return null;
    }
}
