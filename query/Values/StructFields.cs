namespace NeuroDb.Query;

/// <summary>The fields of STRUCT types by name, without regard to case.</summary>
internal static class StructFields
{
    /// <summary>The place of a field from 0, or -1.</summary>
    public static int PlaceOf(DataType type, string name)
    {
        for (int i = 0; i < type.Fields.Count; i++)
        {
            if (string.Equals(type.Fields[i].Key, name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The error for a name that no field has.</summary>
    public static NeuroStoreException Unknown(
        DataType type, string name, SourcePosition position) => new(
            ErrorCode.UnknownColumn,
            $"{ValueText.Shorten(type.ToString())} has no field {name}."
            + NearMatch.Hint(name, type.Fields.Select(static field => field.Key)),
            position);

    /// <summary>Raises an error if two fields have one name, or if there are too many.</summary>
    public static void Check(
        IReadOnlyList<KeyValuePair<string, DataType>> fields, SourcePosition position)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, _) in fields)
        {
            if (name.Length > 0 && !seen.Add(name))
            {
                throw new NeuroStoreException(
                    ErrorCode.DuplicateName, $"Two fields have the name {name}.", position);
            }
        }

        if (fields.Count > Limits.StructFieldCountMax)
        {
            throw new ResourceLimitException(
                ErrorCode.ResourceLimit,
                $"A STRUCT has at most {Limits.StructFieldCountMax} fields.",
                position);
        }
    }

    /// <summary>
    /// For each field of a type the place of the field of another that becomes it: by name where
    /// the other has all of these names, and by place else; null if they do not go together.
    /// </summary>
    public static int[]? Match(DataType from, DataType to)
    {
        int[] byName = [.. to.Fields.Select(field =>
            field.Key.Length == 0 ? -1 : PlaceOf(from, field.Key))];
        return from.Fields.Count != to.Fields.Count ? null
            : Array.TrueForAll(byName, static place => place >= 0) ? byName
            : [.. Enumerable.Range(0, byName.Length)];
    }
}
