namespace PgFleet.Tests.Engines;

/// <summary>Settings chosen to harm every session.</summary>
internal static class HostileSettings
{
    /// <summary>For each parameter a value that it does not have: the other of two, the minimum, the maximum, another one of a list, a meaningless word.</summary>
    private const string Values =
        """
        select name, context, value from pg_settings, lateral (
            select case setting when 'on' then 'off' else 'on' end as value where vartype = 'bool'
            union all select unnest(array[min_val, max_val]) where vartype in ('integer', 'real')
            union all select unnest(enumvals) where vartype = 'enum'
            union all select unnest(array['nope', 'pg_global', '1', '"nope", public', 'C', '']) where vartype = 'string') as hostile
        where value is distinct from setting
        """;

    /// <summary>Sets one of the hostile values of each parameter, as far as the server accepts it. max_stack_depth is left out, because every server computes its own.</summary>
    public static string Set(string whose, int which, string contexts) =>
        $"""
        do $do$
        declare hostile record;
        begin
            for hostile in
                select name, (array_agg(value order by value))[1 + {which} % count(*)] as value from ({Values}) as all_of
                where context in ({contexts}) and name <> 'max_stack_depth' group by name
            loop
                begin
                    execute format('alter {whose} set %s to %L', hostile.name, hostile.value);
                exception when others then null;
                end;
            end loop;
        end $do$
        """;
}
