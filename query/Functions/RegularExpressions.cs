using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace NeuroDb.Query;

/// <summary>
/// Makes regular expressions of patterns and keeps those made lately. They run in time linear in
/// the text, so that no pattern holds a statement up; look-around and back-references are errors.
/// </summary>
internal static class RegularExpressions
{
    private const int KeptCountMax = 256;
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(10);
    private static readonly ConcurrentDictionary<(string, string), Regex> Kept = new();

    /// <summary>The expression of a pattern with flags: i without case, s, m, x, c and g.</summary>
    public static Regex Of(string pattern, string flags)
    {
        if (Kept.TryGetValue((pattern, flags), out Regex? known))
        {
            return known;
        }

        RegexOptions options = RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;
        foreach (char flag in flags)
        {
            options |= flag switch
            {
                'i' => RegexOptions.IgnoreCase,
                's' => RegexOptions.Singleline,
                'm' or 'n' => RegexOptions.Multiline,
                'x' => RegexOptions.IgnorePatternWhitespace,
                'c' or 'g' => RegexOptions.None,
                _ => throw new NeuroStoreException(
                    ErrorCode.InvalidText,
                    $"There is no flag '{flag}' of regular expressions; there are c g i m n s x."),
            };
        }

        Regex made = Make(pattern, options);
        if (Kept.Count >= KeptCountMax)
        {
            Kept.Clear();
        }

        Kept[(pattern, flags)] = made;
        return made;
    }

    private static Regex Make(string pattern, RegexOptions options)
    {
        try
        {
            return new Regex(pattern, options, TimeMax);
        }
        catch (ArgumentException error)
        {
            throw Invalid(pattern, error.Message);
        }
        catch (NotSupportedException error)
        {
            throw Invalid(pattern, error.Message);
        }
    }

    private static NeuroStoreException Invalid(string pattern, string reason) => new(
        ErrorCode.InvalidText,
        $"'{ValueText.Shorten(pattern)}' is not a regular expression: {reason}");

    /// <summary>Runs a match; one that takes too long is an error of the statement.</summary>
    public static T Run<T>(Func<T> match)
    {
        try
        {
            return match();
        }
        catch (RegexMatchTimeoutException)
        {
            throw new ResourceLimitException(
                ErrorCode.ResourceLimit,
                $"A regular expression ran longer than {TimeMax.TotalSeconds} seconds.");
        }
    }
}
