namespace NeuroDb;

/// <summary>
/// What a type has beside its kind and its numbers: the labels of an ENUM, the fields of a STRUCT,
/// the key and the value of a MAP. Immutable; equal if all of it is equal.
/// </summary>
internal sealed class TypeShape : IEquatable<TypeShape>
{
    private Dictionary<string, int>? _places;

    /// <summary>The shape of a type.</summary>
    /// <param name="name">The name of CREATE TYPE, or null for a type written in place.</param>
    /// <param name="labels">The labels of an ENUM in their order.</param>
    /// <param name="fields">
    /// The fields of a STRUCT in their order; of a MAP its key and its value.
    /// </param>
    public TypeShape(
        string? name,
        IReadOnlyList<string> labels,
        IReadOnlyList<KeyValuePair<string, DataType>> fields)
    {
        Name = name;
        Labels = labels;
        Fields = fields;
    }

    /// <summary>The name of CREATE TYPE, or null for a type written in place.</summary>
    public string? Name { get; }

    /// <summary>The labels of an ENUM in their order.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The fields of a STRUCT in their order; of a MAP its key and its value.</summary>
    public IReadOnlyList<KeyValuePair<string, DataType>> Fields { get; }

    /// <summary>The place of a label of an ENUM from 0, or -1.</summary>
    public int PlaceOf(string label)
    {
        if (_places is null)
        {
            var places = new Dictionary<string, int>(Labels.Count, StringComparer.Ordinal);
            for (int i = 0; i < Labels.Count; i++)
            {
                places[Labels[i]] = i;
            }

            _places = places;
        }

        return _places.TryGetValue(label, out int place) ? place : -1;
    }

    /// <inheritdoc/>
    public bool Equals(TypeShape? other) => ReferenceEquals(this, other)
        || (other is not null
            && string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase)
            && Labels.SequenceEqual(other.Labels)
            && Fields.Count == other.Fields.Count
            && Fields.Zip(other.Fields).All(static pair =>
                string.Equals(
                    pair.First.Key, pair.Second.Key, StringComparison.OrdinalIgnoreCase)
                && pair.First.Value == pair.Second.Value));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TypeShape);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(
        Name is null ? 0 : StringComparer.OrdinalIgnoreCase.GetHashCode(Name),
        Labels.Count,
        Fields.Count);

    /// <summary>The shape as SQL: its name, or what stands in the brackets of the type.</summary>
    /// <param name="word">The word of the type: ENUM, STRUCT or MAP.</param>
    public string ToSql(string word) => Name is not null ? Quoted(Name)
        : word == "ENUM"
            ? $"ENUM({string.Join(", ", Labels.Select(Literal))})"
        : word == "MAP"
            ? $"MAP({Fields[0].Value}, {Fields[1].Value})"
        : $"STRUCT({string.Join(", ", Fields.Select(static field =>
            $"{Quoted(field.Key)} {field.Value}"))})";

    private static string Literal(string label) =>
        $"'{label.Replace("'", "''", StringComparison.Ordinal)}'";

    // A name that is one word of ASCII letters, digits and _ needs no quotes.
    private static string Quoted(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0])
            && name.All(static one => char.IsAsciiLetterOrDigit(one) || one == '_')
            ? name
            : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
