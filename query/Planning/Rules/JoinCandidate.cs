namespace NeuroDb.Query;

/// <summary>A condition between inputs of joins, and which of them it reads.</summary>
/// <param name="Number">Its place among the conditions.</param>
/// <param name="Condition">The condition.</param>
/// <param name="Mask">The inputs that it reads, by the bits of their numbers.</param>
internal sealed record JoinCandidate(int Number, Expression Condition, ulong Mask)
{
    /// <summary>Whether it reads both sides, and nothing else.</summary>
    public bool Joins(ulong left, ulong right) =>
        (Mask & ~(left | right)) == 0 && (Mask & ~left) != 0 && (Mask & ~right) != 0;
}
