using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Types that are written with others in brackets, and those of CREATE TYPE.</summary>
internal static class NestedTypeNames
{
    [ThreadStatic]
    private static int _depth;

    /// <summary>The type of a syntax, if it is one of these.</summary>
    public static bool TryResolve(TypeSyntax syntax, CatalogView? catalog, out DataType type)
    {
        _depth++;
        try
        {
            if (_depth > Limits.TypeDepthMax)
            {
                throw new ResourceLimitException(
                    ErrorCode.ResourceLimit,
                    $"Types lie at most {Limits.TypeDepthMax} deep in each other.",
                    syntax.Position);
            }

            DataType? found = Find(syntax, catalog);
            type = found ?? default;
            return found is not null;
        }
        finally
        {
            _depth--;
        }
    }

    /// <summary>Raises an error for a domain where only plain types stand.</summary>
    public static void RequireNoDomain(TypeSyntax syntax, CatalogView? catalog)
    {
        if (TypeDefinition.Find(syntax.Name, catalog) is { IsDomain: true })
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                $"The domain {syntax.Name} is the type of a column or a cast; arrays and fields "
                + "have the type below it and a CHECK of the table.",
                syntax.Position);
        }
    }

    /// <summary>Raises an error if labels are no labels of an ENUM.</summary>
    public static void CheckLabels(IReadOnlyList<string> labels, SourcePosition position)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string label in labels)
        {
            if (label.Length is 0 or > Limits.NameLengthMax)
            {
                throw new NeuroStoreException(
                    ErrorCode.InvalidText,
                    $"A label of an ENUM has 1 to {Limits.NameLengthMax} characters; "
                    + $"'{ValueText.Shorten(label)}' has {label.Length}.",
                    position);
            }

            if (!seen.Add(label))
            {
                throw new NeuroStoreException(
                    ErrorCode.DuplicateName, $"Two labels are '{label}'.", position);
            }
        }

        if (labels.Count > Limits.EnumLabelCountMax)
        {
            throw new ResourceLimitException(
                ErrorCode.ResourceLimit,
                $"An ENUM has at most {Limits.EnumLabelCountMax} labels.",
                position);
        }
    }

    private static DataType? Find(TypeSyntax syntax, CatalogView? catalog) => syntax.Name switch
    {
        "ENUM" when syntax.Parts.Count == 0 && syntax.Arguments.Count == 0 =>
            Enum(syntax),
        "STRUCT" or "ROW" when syntax.Parts.Count > 0 => Struct(syntax, catalog),
        "MAP" when syntax.Parts.Count == 2 => DataType.MapOf(
            Inner(syntax.Parts[0].Whole, catalog), Inner(syntax.Parts[1].Whole, catalog)),
        _ when syntax.Parts.Count + syntax.Labels.Count > 0 => throw new NeuroStoreException(
            ErrorCode.UnknownType,
            $"The type {syntax.Name} does not take names or texts in brackets.",
            syntax.Position),
        _ when syntax.Arguments.Count == 0
            && TypeDefinition.Find(syntax.Name, catalog) is { } definition =>
            TypeDefinition.TypeOf(definition, catalog!),
        _ => null,
    };

    private static DataType Enum(TypeSyntax syntax)
    {
        CheckLabels(syntax.Labels, syntax.Position);
        return DataType.EnumOf(null, syntax.Labels);
    }

    private static DataType Struct(TypeSyntax syntax, CatalogView? catalog)
    {
        KeyValuePair<string, DataType>[] fields = [.. syntax.Parts.Select(part =>
            new KeyValuePair<string, DataType>(
                part.Name.Name,
                Inner(
                    part.Field ?? throw new NeuroStoreException(
                        ErrorCode.UnknownType,
                        $"The field {part.Name.Name} has no type; write one, such as TEXT.",
                        part.Position),
                    catalog)))];
        StructFields.Check(fields, syntax.Position);
        return DataType.StructOf(null, fields);
    }

    private static DataType Inner(TypeSyntax syntax, CatalogView? catalog)
    {
        RequireNoDomain(syntax, catalog);
        return TypeNames.Resolve(syntax, catalog);
    }
}
