namespace NeuroDb.Tests.Unit;

public sealed class BinderTests
{
    private static QueryFixture Open() => new(
        "CREATE TABLE item (id INTEGER PRIMARY KEY, title TEXT, price INTEGER)",
        "CREATE TABLE sale (id INTEGER PRIMARY KEY, item_id INTEGER, amount INTEGER)",
        "INSERT INTO item VALUES (1, 'pen', 3), (2, 'ink', 7), (3, 'pad', 7)",
        "INSERT INTO sale VALUES (1, 1, 10), (2, 1, 20), (3, 2, 5)");

    [Fact]
    public void Names_compare_without_regard_to_case_even_quoted()
    {
        using QueryFixture database = Open();
        Assert.Equal("3", database.Line("SELECT PRICE FROM Item WHERE \"ID\" = 1"));
    }

    [Fact]
    public void Result_columns_are_named_by_alias_column_or_text()
    {
        using QueryFixture database = Open();
        Assert.Equal(
            ["id", "cost", "price + 1"],
            database.Names("SELECT ID, price AS cost, price + 1 FROM item"));
    }

    [Theory]
    [InlineData("SELECT titel FROM item", ErrorCode.UnknownColumn, "Did you mean title?")]
    [InlineData("SELECT 1 FROM itme", ErrorCode.UnknownTable, "Did you mean item?")]
    [InlineData("SELECT itm.id FROM item", ErrorCode.UnknownColumn, "Did you mean item?")]
    [InlineData("SELECT id FROM item, sale", ErrorCode.AmbiguousColumn, "item.id and sale.id")]
    [InlineData("SELECT 1 FROM item, item", ErrorCode.DuplicateName, "alias")]
    [InlineData("SELECT id FROM item WHERE sum(id) > 1", ErrorCode.MisplacedExpression, "WHERE")]
    [InlineData("SELECT id FROM item ORDER BY 4", ErrorCode.UnknownColumn, "position 4")]
    [InlineData("SELECT 1 UNION SELECT 1, 2", ErrorCode.WrongColumnCount, "1 columns with 2")]
    [InlineData("VALUES (1), (1, 2)", ErrorCode.WrongColumnCount, "1 and 2")]
    [InlineData("SELECT (SELECT 1, 2)", ErrorCode.WrongColumnCount, "must give 1")]
    [InlineData("SELECT *", ErrorCode.MisplacedExpression, "FROM")]
    [InlineData("SELECT x.* FROM item", ErrorCode.UnknownTable, "x")]
    [InlineData("SELECT CAST(1 AS INTEGR)", ErrorCode.UnknownType, "Did you mean INTEGER?")]
    [InlineData("SELECT ?1", ErrorCode.ParameterMismatch, "")]
    public void Errors_name_what_is_wrong_and_what_may_be_meant(
        string sql, ErrorCode code, string part)
    {
        using QueryFixture database = Open();
        NeuroStoreException error = database.Error(sql);
        Assert.Equal(code, error.Code);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Order_by_takes_positions_aliases_and_expressions_that_are_not_shown()
    {
        using QueryFixture database = Open();
        Assert.Equal("3 2 1", database.Line("SELECT id FROM item ORDER BY 1 DESC"));
        Assert.Equal("-3 -2 -1", database.Line("SELECT -id AS id FROM item ORDER BY id"));
        Assert.Equal("2 3 1", database.Line("SELECT id FROM item ORDER BY -price, title"));
    }

    [Fact]
    public void A_bare_column_beside_group_by_takes_the_first_row_and_leaves_a_notice()
    {
        using QueryFixture database = Open();
        string rows = database.Line("SELECT price, title FROM item GROUP BY price ORDER BY 1");
        Assert.Equal("3|pen 7|ink", rows);
        Assert.Contains(database.Session.LastNotices, notice => notice.Contains("title"));
    }

    [Fact]
    public void Group_by_takes_positions_aliases_and_equal_expressions()
    {
        using QueryFixture database = Open();
        const string Expected = "1|1 3|2";
        Assert.Equal(Expected, database.Line(
            "SELECT price / 2, count(*) FROM item GROUP BY 1 ORDER BY 1"));
        Assert.Equal(Expected, database.Line(
            "SELECT price / 2 AS half, count(*) FROM item GROUP BY half ORDER BY half"));
        Assert.Equal(Expected, database.Line(
            "SELECT price / 2, count(*) FROM item GROUP BY price / 2 ORDER BY price / 2"));
    }

    [Fact]
    public void Having_filters_groups_and_aggregates_without_rows_still_give_one()
    {
        using QueryFixture database = Open();
        Assert.Equal("1|30", database.Line(
            "SELECT item_id, sum(amount) FROM sale GROUP BY item_id HAVING count(*) > 1"));
        Assert.Equal("0|NULL", database.Line("SELECT count(*), sum(id) FROM item WHERE id > 9"));
    }

    [Fact]
    public void Subqueries_may_be_correlated_over_two_levels()
    {
        using QueryFixture database = Open();
        Assert.Equal("1|30 2|5 3|NULL", database.Line(
            "SELECT id, (SELECT sum(amount) FROM sale WHERE item_id = item.id) FROM item"));
        Assert.Equal("1 2", database.Line(
            "SELECT id FROM item i WHERE EXISTS (SELECT 1 FROM sale s WHERE s.item_id IN "
            + "(SELECT x.id FROM item x WHERE x.id = i.id AND s.item_id = i.id))"));
    }

    [Fact]
    public void In_a_subquery_follows_three_valued_logic()
    {
        using QueryFixture database = Open();
        Assert.Equal("NULL|true|false|NULL", database.Line(
            "SELECT 9 IN (SELECT NULL UNION SELECT 1), 1 IN (SELECT NULL UNION SELECT 1), "
            + "NULL IN (SELECT 1 WHERE 1 = 0), NULL IN (SELECT 1)"));
    }

    [Fact]
    public void A_scalar_subquery_of_two_rows_is_an_error_unless_the_first_is_asked_for()
    {
        using QueryFixture database = Open();
        Assert.Equal(
            ErrorCode.MoreThanOneRow, database.Error("SELECT (SELECT id FROM item)").Code);
        database.Rows("SET scalar_subquery = first");
        Assert.Equal("1", database.Line("SELECT (SELECT id FROM item)"));
    }

    [Fact]
    public void Common_tables_that_use_each_other_twice_are_computed_once()
    {
        using QueryFixture database = Open();
        Assert.Equal("9", database.Line(
            "WITH a AS (SELECT id FROM item) SELECT count(*) FROM a x, a y"));
        IEnumerable<string> items = Enumerable.Range(1, 30).Select(
            i => $"t{i} AS (SELECT 1 AS n FROM t{i - 1} x, t{i - 1} y)");
        string doubling = $"WITH t0 AS (SELECT 1), {string.Join(", ", items)} SELECT n FROM t30";
        Assert.Equal("1", database.Line(doubling));
        Assert.True(database.Rows("EXPLAIN " + doubling).Length < 500);
        string written = doubling.Replace(
            " AS (SELECT 1 AS n", " AS NOT MATERIALIZED (SELECT 1 AS n", StringComparison.Ordinal);
        Assert.Equal(ErrorCode.ResourceLimit, database.Error(written).Code);
    }

    [Fact]
    public void Using_and_natural_show_a_common_column_once()
    {
        using QueryFixture database = Open();
        Assert.Equal(
            ["id", "title", "price", "item_id", "amount"],
            database.Names("SELECT * FROM item JOIN sale USING (id)"));
        Assert.Equal("1 2 3", database.Line("SELECT id FROM item NATURAL JOIN sale ORDER BY id"));
        Assert.Equal("3 4", database.Line(
            "SELECT id FROM (SELECT 3 AS id) a FULL JOIN (SELECT 4 AS id) b USING (id) "
            + "ORDER BY id"));
    }
}
