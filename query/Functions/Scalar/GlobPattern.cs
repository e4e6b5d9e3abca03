namespace NeuroDb.Query;

/// <summary>
/// GLOB patterns: * is any text, ? one code point, [a-z] one of a set, [^a-z] one outside it.
/// Case counts. After a mismatch only the last * is tried further on, which is enough because an
/// earlier one could only give the later ones less text to choose from.
/// </summary>
internal static class GlobPattern
{
    /// <summary>Whether a text matches a pattern as a whole.</summary>
    public static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int at = 0;
        int place = 0;
        int star = -1;
        int starPlace = 0;
        while (place < text.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                starPlace = place;
            }
            else if (TryOne(pattern, ref at, text, ref place))
            {
                continue;
            }
            else if (star < 0)
            {
                return false;
            }
            else
            {
                starPlace += CodePoints.SizeAt(text, starPlace);
                (at, place) = (star + 1, starPlace);
            }
        }

        return pattern[at..].TrimStart('*').IsEmpty;
    }

    /// <summary>Matches one code point; moves both places only if it matches.</summary>
    private static bool TryOne(
        ReadOnlySpan<char> pattern, ref int at, ReadOnlySpan<char> text, ref int place)
    {
        if (at >= pattern.Length)
        {
            return false;
        }

        int size = CodePoints.SizeAt(text, place);
        switch (pattern[at])
        {
            case '?':
                at++;
                break;
            case '[':
                int end = SetEnd(pattern, at);
                if (end < 0 || !IsInSet(pattern[(at + 1)..end], CodePoint(text, place)))
                {
                    return false;
                }

                at = end + 1;
                break;
            default:
                if (CodePoint(pattern, at) != CodePoint(text, place))
                {
                    return false;
                }

                at += size;
                break;
        }

        place += size;
        return true;
    }

    /// <summary>The place of the ] that ends a set; a ] that stands first is a member.</summary>
    private static int SetEnd(ReadOnlySpan<char> pattern, int open)
    {
        int first = open + 1;
        first += first < pattern.Length && pattern[first] == '^' ? 1 : 0;
        first += first < pattern.Length && pattern[first] == ']' ? 1 : 0;
        int found = first <= pattern.Length ? pattern[first..].IndexOf(']') : -1;
        return found < 0 ? -1 : first + found;
    }

    private static bool IsInSet(ReadOnlySpan<char> set, int sought)
    {
        bool isNegated = set.Length > 0 && set[0] == '^';
        int at = isNegated ? 1 : 0;
        bool found = false;
        while (at < set.Length)
        {
            int low = CodePoint(set, at);
            int high = low;
            at += CodePoints.SizeAt(set, at);
            if (at + 1 < set.Length && set[at] == '-')
            {
                high = CodePoint(set, at + 1);
                at += 1 + CodePoints.SizeAt(set, at + 1);
            }

            found |= sought >= low && sought <= high;
        }

        return found != isNegated;
    }

    private static int CodePoint(ReadOnlySpan<char> text, int at) =>
        CodePoints.SizeAt(text, at) == 2
            ? char.ConvertToUtf32(text[at], text[at + 1])
            : text[at];
}
