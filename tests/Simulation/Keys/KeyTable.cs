using System.Collections.Immutable;

namespace NeuroDb.Tests.Simulation;

/// <summary>A table of keys at one moment; changes make another one.</summary>
/// <param name="Name">The name, which no table had before.</param>
/// <param name="Form">Which keys it has.</param>
/// <param name="First">The type of the first column.</param>
/// <param name="Second">The type of the second column.</param>
/// <param name="Rows">The rows by number.</param>
/// <param name="Taken">What rows have that must be unique.</param>
/// <param name="RowDigest">The sum of the digests of the rows.</param>
internal sealed record KeyTable(
    string Name,
    KeyForm Form,
    KeyType First,
    KeyType Second,
    ImmutableSortedDictionary<long, KeyRow> Rows,
    ImmutableHashSet<string> Taken,
    ulong RowDigest)
{
    /// <summary>The orders that indexes have, as ORDER BY writes them.</summary>
    public static IReadOnlyList<string> Orders { get; } =
    [
        "a", "a DESC", "a, b", "b DESC NULLS FIRST, a", "a NULLS LAST, b DESC", "b",
        "a DESC NULLS FIRST",
    ];

    /// <summary>The statement that makes the table.</summary>
    public string Definition => $"CREATE TABLE {Name} (" + Form switch
    {
        KeyForm.Primary => $"id BIGINT NOT NULL UNIQUE, a {First.Sql} PRIMARY KEY, b {Second.Sql})",
        KeyForm.Unique => $"id BIGINT PRIMARY KEY, a {First.Sql} UNIQUE, b {Second.Sql})",
        KeyForm.Pair => $"id BIGINT NOT NULL UNIQUE, a {First.Sql}, b {Second.Sql}, "
            + "PRIMARY KEY (a, b))",
        _ => $"id BIGINT PRIMARY KEY, a {First.Sql}, b {Second.Sql})",
    };

    /// <summary>A number that is as good as the content.</summary>
    public ulong Digest => DigestOf(Name, RowDigest, Rows.Count);

    /// <summary>Whether the first column may be NULL.</summary>
    public bool MayLackFirst => Form is not (KeyForm.Primary or KeyForm.Pair);

    /// <summary>Whether the second column may be NULL.</summary>
    public bool MayLackSecond => Form != KeyForm.Pair;

    /// <summary>An empty table.</summary>
    public static KeyTable Empty(
        string name, KeyForm form, KeyType first, KeyType second) => new(
        name, form, first, second, ImmutableSortedDictionary<long, KeyRow>.Empty,
        ImmutableHashSet.Create<string>(StringComparer.Ordinal), 0);

    /// <summary>The digest of a table.</summary>
    public static ulong DigestOf(string name, ulong rowDigest, int count) => Hash64.Combine(
        Hash64.Of(name), Hash64.Combine(rowDigest, (ulong)count));

    /// <summary>What of a row must be unique; null if nothing.</summary>
    public string? UniqueOf(KeyRow row) => Form switch
    {
        KeyForm.Plain => null,
        KeyForm.Pair => $"{First.Fold(row.A!)}\n{Second.Fold(row.B!)}",
        _ => row.A is null ? null : First.Fold(row.A),
    };

    /// <summary>Whether the row can be added.</summary>
    public bool HasRoom(KeyRow row) => UniqueOf(row) is not { } own || !Taken.Contains(own);

    /// <summary>The table with a row in place of the one with its number, if any.</summary>
    public KeyTable With(KeyRow row)
    {
        KeyTable rest = Without(row.Id);
        return rest with
        {
            Rows = rest.Rows.Add(row.Id, row),
            Taken = rest.UniqueOf(row) is { } own ? rest.Taken.Add(own) : rest.Taken,
            RowDigest = rest.RowDigest + row.Digest,
        };
    }

    /// <summary>The table without the row of a number.</summary>
    public KeyTable Without(long id)
    {
        if (!Rows.TryGetValue(id, out KeyRow? old))
        {
            return this;
        }

        return this with
        {
            Rows = Rows.Remove(id),
            Taken = UniqueOf(old) is { } own ? Taken.Remove(own) : Taken,
            RowDigest = RowDigest - old.Digest,
        };
    }

    /// <summary>Compares two rows by an order as ORDER BY writes it.</summary>
    public Comparison<KeyRow> Comparison(string order)
    {
        (bool, bool, bool)[] terms = [.. order.Split(", ").Select(
            static term => (
                term[0] == 'a',
                term.Contains("DESC"),
                term.Contains("NULLS") ? term.EndsWith("FIRST") : !term.Contains("DESC")))];
        return (left, right) =>
        {
            foreach ((bool isFirst, bool isDescending, bool nullsFirst) in terms)
            {
                object? x = isFirst ? left.A : left.B;
                object? y = isFirst ? right.A : right.B;
                int compared = x is null || y is null
                    ? (x is null ? 1 : 0) - (y is null ? 1 : 0)
                    : (isFirst ? First : Second).Compare(x, y);
                bool isTurned = x is null || y is null ? nullsFirst : isDescending;
                if (compared != 0)
                {
                    return isTurned ? -compared : compared;
                }
            }

            return 0;
        };
    }
}
