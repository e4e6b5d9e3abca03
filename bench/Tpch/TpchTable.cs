namespace NeuroDb.Bench;

/// <summary>A table of the benchmark.</summary>
/// <param name="Name">The name.</param>
/// <param name="Columns">
/// One letter for each column: I a whole number, N a DECIMAL(15, 2), T a text, D a date.
/// </param>
/// <param name="Names">The names of the columns.</param>
/// <param name="Key">The primary key.</param>
internal sealed record TpchTable(string Name, string Columns, string[] Names, string Key)
{
    /// <summary>The tables in the order in which they are made.</summary>
    public static TpchTable[] All { get; } =
    [
        Of("region", "ITT", "r_regionkey r_name r_comment", "r_regionkey"),
        Of("nation", "ITIT", "n_nationkey n_name n_regionkey n_comment", "n_nationkey"),
        Of(
            "supplier", "ITTITNT",
            "s_suppkey s_name s_address s_nationkey s_phone s_acctbal s_comment", "s_suppkey"),
        Of(
            "customer", "ITTITNTT",
            "c_custkey c_name c_address c_nationkey c_phone c_acctbal c_mktsegment c_comment",
            "c_custkey"),
        Of(
            "part", "ITTTTITNT",
            "p_partkey p_name p_mfgr p_brand p_type p_size p_container p_retailprice p_comment",
            "p_partkey"),
        Of(
            "partsupp", "IIINT",
            "ps_partkey ps_suppkey ps_availqty ps_supplycost ps_comment",
            "ps_partkey, ps_suppkey"),
        Of(
            "orders", "IITNDTTIT",
            "o_orderkey o_custkey o_orderstatus o_totalprice o_orderdate o_orderpriority o_clerk "
            + "o_shippriority o_comment",
            "o_orderkey"),
        Of(
            "lineitem", "IIIINNNNTTDDDTTT",
            "l_orderkey l_partkey l_suppkey l_linenumber l_quantity l_extendedprice l_discount "
            + "l_tax l_returnflag l_linestatus l_shipdate l_commitdate l_receiptdate "
            + "l_shipinstruct l_shipmode l_comment",
            "l_orderkey, l_linenumber"),
    ];

    /// <summary>CREATE TABLE with the names that a system has for the four types.</summary>
    public string Definition(string integer, string number, string text, string date)
    {
        IEnumerable<string> columns = Names.Zip(Columns, (name, type) => name + " " + type switch
        {
            'I' => integer,
            'N' => number,
            'D' => date,
            _ => text,
        } + " NOT NULL");
        return $"CREATE TABLE {Name} ({string.Join(", ", columns)}, PRIMARY KEY ({Key}))";
    }

    private static TpchTable Of(string name, string columns, string names, string key) =>
        new(name, columns, names.Split(' '), key);
}
