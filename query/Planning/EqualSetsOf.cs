namespace NeuroDb.Query;

/// <summary>
/// Things that are equal, directly or through others, put together pair by pair. Few are expected:
/// each is looked for among all.
/// </summary>
/// <param name="areSame">Whether two of them are the same thing.</param>
internal sealed class EqualSets<T>(Func<T, T, bool> areSame)
{
    private readonly List<List<T>> _sets = [];

    /// <summary>The sets.</summary>
    public IReadOnlyList<List<T>> All => _sets;

    /// <summary>The set that a thing is in; null if none.</summary>
    public List<T>? Of(T member) =>
        _sets.Find(members => members.Exists(other => areSame(member, other)));

    /// <summary>Takes two things as equal.</summary>
    public void Join(T left, T right)
    {
        List<T>? first = Of(left);
        List<T>? second = Of(right);
        if (first is null && second is null)
        {
            _sets.Add([left, right]);
        }
        else if (first is null)
        {
            second!.Add(left);
        }
        else if (second is null)
        {
            first.Add(right);
        }
        else if (!ReferenceEquals(first, second))
        {
            first.AddRange(second);
            _sets.Remove(second);
        }
    }
}
