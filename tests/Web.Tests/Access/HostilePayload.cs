namespace MaeLab.Web.Tests.Access;

/// <summary>Texts that would be SQL, a header, a path, a template or a script of their own.</summary>
internal static class HostilePayload
{
    public static readonly string[] All =
    [
        "' OR '1'='1",
        "'; DROP TABLE runs; --",
        "\" UNION SELECT 1; --",
        "1; DELETE FROM experiments",
        "train/loss') OR 1=1 --",
        "%' OR '%'='",
        "\\'; SELECT pg_sleep(10); --",
        "x\r\nX-Injected: yes",
        "../../../../etc/passwd",
        "maskRatio:0.5'::text",
        "{0}{{1}}%s%n",
        "<script>alert(1)</script>",
        new('x', 4000),
    ];

    /// <summary>As JSON, where that can say what a text should not have.</summary>
    public static readonly string[] Json = ["\"a\\u0000b\"", "\"\\ud800\"", "\"\\udfff\\ud800\"", "1e999", "-1", "99999999999999999999", "[]", "{}", "null", "true"];
}
