namespace NeuroDb.Query;

/// <summary>A condition between inputs of joins, and which of them it reads.</summary>
/// <param name="Number">Its place among the conditions.</param>
/// <param name="Condition">The condition.</param>
/// <param name="Mask">The inputs that it reads, by the bits of their numbers.</param>
/// <param name="Class">The columns that are all equal of which it names two; -1 for none.</param>
internal sealed record JoinCandidate(int Number, Expression Condition, ulong Mask, int Class = -1)
{
    /// <summary>Whether it reads both sides, and nothing else.</summary>
    public bool Joins(ulong left, ulong right) =>
        (Mask & ~(left | right)) == 0 && (Mask & ~left) != 0 && (Mask & ~right) != 0;

    /// <summary>
    /// The conditions of a join of two parts. Of columns that are all equal the first pair is
    /// enough: within each part they were made equal by the joins below.
    /// </summary>
    public static List<JoinCandidate> Linking(
        JoinCandidate[] candidates, ulong left, ulong right)
    {
        var found = new List<JoinCandidate>();
        foreach (JoinCandidate candidate in candidates)
        {
            if (candidate.Joins(left, right)
                && (candidate.Class < 0
                    || !found.Exists(other => other.Class == candidate.Class)))
            {
                found.Add(candidate);
            }
        }

        return found;
    }
}
