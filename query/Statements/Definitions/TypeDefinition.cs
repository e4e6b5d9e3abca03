using System.Runtime.CompilerServices;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>The parsed definitions of types and domains, kept as long as the catalog has them.
/// </summary>
internal static class TypeDefinition
{
    private static readonly ConditionalWeakTable<CatalogObject, CreateTypeStatementSyntax>
        Known = [];

    /// <summary>The statement that made a type or domain.</summary>
    public static CreateTypeStatementSyntax Of(CatalogObject type)
    {
        Invariant.Check(type.Kind == CatalogObjectKind.Type);
        return Known.GetValue(
            type, static known => (CreateTypeStatementSyntax)SqlParser.Parse(known.Sql)[0]);
    }

    /// <summary>The definition of a name, or null if no type or domain has it.</summary>
    public static CreateTypeStatementSyntax? Find(string name, CatalogView? catalog) =>
        catalog is not null
            && catalog.TryGetObject(CatalogObjectKind.Type, name, out CatalogObject found)
            ? Of(found)
            : null;

    /// <summary>The domain that a type is written as, or null if it is none.</summary>
    public static CreateTypeStatementSyntax? FindDomain(TypeSyntax syntax, CatalogView catalog) =>
        syntax is { ArrayDepth: 0, Arguments.Count: 0 }
            && Find(syntax.Name, catalog) is { IsDomain: true } domain
            ? domain
            : null;

    /// <summary>The type of a definition, as columns have it.</summary>
    public static DataType TypeOf(CreateTypeStatementSyntax definition, CatalogView catalog)
    {
        DataType type = TypeNames.Resolve(definition.Type, catalog);
        return !definition.IsDomain && type.Shape is { Name: null } shape
            && type.Kind is TypeKind.Enum or TypeKind.Struct
            ? DataType.FromParts(
                type.Kind,
                0,
                0,
                new TypeShape(definition.Name.Last, shape.Labels, shape.Fields))
            : type;
    }

    /// <summary>The text of CREATE TYPE for an ENUM.</summary>
    public static string EnumSql(string name, IEnumerable<string> labels) =>
        $"CREATE TYPE {SqlText.Quote(name)} AS ENUM "
        + $"({string.Join(", ", labels.Select(SqlText.Literal))})";

    /// <summary>Whether a type is the named one, or has it in itself.</summary>
    public static bool Uses(DataType type, string name)
    {
        TypeShape? shape = type.Shape;
        return shape is not null
            && ((shape.Name is not null && Dependencies.IsNamed(shape.Name, name))
                || shape.Fields.Any(field => Uses(field.Value, name)));
    }

    /// <summary>The type with another in the place of the named one.</summary>
    public static DataType Replace(DataType type, string name, TypeShape replacement)
    {
        if (!Uses(type, name))
        {
            return type;
        }

        TypeShape shape = type.Shape!;
        return DataType.FromParts(
            type.Kind,
            type.Length,
            type.Scale,
            shape.Name is not null && Dependencies.IsNamed(shape.Name, name)
                ? replacement
                : new TypeShape(
                    shape.Name,
                    shape.Labels,
                    [.. shape.Fields.Select(field => new KeyValuePair<string, DataType>(
                        field.Key, Replace(field.Value, name, replacement)))]));
    }
}
