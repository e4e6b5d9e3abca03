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

    // The classes of POSIX as parts of a set.
    private static readonly (string Name, string Set)[] Classes =
    [
        ("alpha", @"\p{L}"), ("digit", "0-9"), ("alnum", @"\p{L}\p{Nd}"), ("upper", @"\p{Lu}"),
        ("lower", @"\p{Ll}"), ("space", @"\s"), ("blank", @" \t"), ("cntrl", @"\p{Cc}"),
        ("punct", @"\p{P}\p{S}"), ("xdigit", "0-9A-Fa-f"), ("word", @"\w"),
        ("graph", @"\p{L}\p{M}\p{N}\p{P}\p{S}"), ("print", @"\p{L}\p{M}\p{N}\p{P}\p{S} "),
    ];

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
            // Of i and c the last one counts.
            options = flag switch
            {
                'i' => options | RegexOptions.IgnoreCase,
                'c' => options & ~RegexOptions.IgnoreCase,
                's' => options | RegexOptions.Singleline,
                'm' or 'n' => options | RegexOptions.Multiline,
                'x' => options | RegexOptions.IgnorePatternWhitespace,
                'g' => options,
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
            return new Regex(WithClasses(pattern), options, TimeMax);
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

    // [[:alpha:]] and the like, which .NET would read as a set of the characters in the name.
    private static string WithClasses(string pattern)
    {
        if (!pattern.Contains("[:", StringComparison.Ordinal))
        {
            return pattern;
        }

        foreach ((string name, string set) in Classes)
        {
            pattern = pattern.Replace($"[:{name}:]", set, StringComparison.Ordinal);
        }

        return pattern;
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
