using System.Collections.Immutable;

namespace NeuroDb.Tests.Simulation;

/// <summary>A table of the model at one moment; changes make another one.</summary>
/// <param name="Name">The name.</param>
/// <param name="Dimension">Of the vectors.</param>
/// <param name="Rows">The rows by primary key.</param>
/// <param name="Names">The names that rows have.</param>
/// <param name="RowDigest">The sum of the digests of the rows.</param>
internal sealed record ModelTable(
    string Name,
    int Dimension,
    ImmutableSortedDictionary<long, ModelRow> Rows,
    ImmutableHashSet<string> Names,
    ulong RowDigest)
{
    /// <summary>The statement that makes the table.</summary>
    public string Definition =>
        $"CREATE TABLE {Name} (id BIGINT PRIMARY KEY, name TEXT UNIQUE, amount BIGINT, "
        + $"vec {Vectors.TypeName}({Dimension}), data BLOB)";

    /// <summary>The type of its vectors, which follows from the dimension.</summary>
    public ModelVectors Vectors => ModelVectors.Of(Dimension);

    /// <summary>Whether it has rows of a bulk load.</summary>
    public bool IsLarge => Rows.Count > 500;

    /// <summary>A number that is as good as the content.</summary>
    public ulong Digest => DigestOf(Name, Dimension, RowDigest, Rows.Count);

    /// <summary>An empty table.</summary>
    public static ModelTable Empty(string name, int dimension) => new(
        name,
        dimension,
        ImmutableSortedDictionary<long, ModelRow>.Empty,
        ImmutableHashSet.Create<string>(StringComparer.Ordinal),
        0);

    /// <summary>The digest of a table.</summary>
    public static ulong DigestOf(string name, int dimension, ulong rowDigest, int count) =>
        Hash64.Combine(
            Hash64.Combine(Hash64.Of(name), (ulong)dimension),
            Hash64.Combine(rowDigest, (ulong)count));

    /// <summary>The table with a row in place of the one with its key, if there is one.</summary>
    public ModelTable With(ModelRow row)
    {
        ModelTable rest = Without(row.Id);
        return rest with
        {
            Rows = rest.Rows.Add(row.Id, row),
            Names = row.Name is null ? rest.Names : rest.Names.Add(row.Name),
            RowDigest = rest.RowDigest + row.Digest,
        };
    }

    /// <summary>The table without the row of a key.</summary>
    public ModelTable Without(long id)
    {
        if (!Rows.TryGetValue(id, out ModelRow? old))
        {
            return this;
        }

        return this with
        {
            Rows = Rows.Remove(id),
            Names = old.Name is null ? Names : Names.Remove(old.Name),
            RowDigest = RowDigest - old.Digest,
        };
    }
}
