using System.Runtime.CompilerServices;

namespace NeuroDb.Query;

/// <summary>The options of sequences, kept as long as the catalog has them.</summary>
internal static class SequenceDefinition
{
    private static readonly ConditionalWeakTable<CatalogObject, SequenceOptions> Known = [];

    /// <summary>The options of a sequence.</summary>
    public static SequenceOptions Of(CatalogObject sequence)
    {
        Invariant.Check(sequence.Kind == CatalogObjectKind.Sequence);
        return Known.GetValue(
            sequence,
            static known => ((CreateSequenceStatementSyntax)SqlParser.Parse(known.Sql)[0]).Options);
    }

    /// <summary>The statement that makes a sequence.</summary>
    public static string ToSql(string name, SequenceOptions options) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"CREATE SEQUENCE {SqlText.Quote(name)} INCREMENT BY {options.Step} "
        + $"MINVALUE {options.Least} MAXVALUE {options.Most} START WITH {options.First}"
        + $"{(options.IsCycle ? " CYCLE" : string.Empty)}");
}
